package dev.tiebreak.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.losses.GainSettings.Window;
import dev.tiebreak.losses.formula.FormulaException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a gain can be set to, and what it then says of itself. */
class GainSettingsTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final String PRECISION = Weighting.PRECISION.formula;

  private static GainSettings settings(
      double s, int warmup, double floor, double epsilon, double low, double high) {
    return new Terms(s, warmup, floor, epsilon, low, high, false, Window.MICRO)
        .weight(PRECISION, false);
  }

  private static GainSettings formula(String formula, double s, boolean renormalise) {
    return new Terms(s, 0, 0, 0, 0, 5, renormalise, Window.MICRO).weight(formula, false);
  }

  private static void refused(ThrowingCallable construction, String setting, String message) {
    assertThatThrownBy(construction)
        .isInstanceOfSatisfying(
            SettingException.class, e -> assertThat(e.setting()).isEqualTo(setting))
        .hasMessage(message);
  }

  @Test
  void settingsOutOfRangeAreNamed() {
    refused(() -> settings(Double.NaN, 0, 0, 0, 0, 1), "s", "s is NaN; it must be a number");
    refused(
        () -> settings(1, -1, 0, 0, 0, 1),
        "warmup",
        "warmup is -1; it must be a whole number, 0 or more");
    refused(
        () -> settings(1, 0, -0.1, 0, 0, 1),
        "floor",
        "floor is -0.1; it must be a number, 0 or more");
    refused(
        () -> settings(1, 0, 0, -0.1, 0, 1),
        "epsilon",
        "epsilon is -0.1; it must be a number, 0 or more");
    String clamp = "two numbers, the smaller first and the larger above 0, or [] for no limits";
    refused(() -> settings(1, 0, 0, 0, 2, 1), "clamp", "clamp is [2.0, 1.0]; it must be " + clamp);
    refused(
        () -> settings(1, 0, 0, 0, -2, -1), "clamp", "clamp is [-2.0, -1.0]; it must be " + clamp);
  }

  @Test
  void whatAFormulaCannotBeIsNamed() {
    assertThatThrownBy(() -> formula("1 + s * (l - mm)", 1, false))
        .hasMessageStartingWith(
            "formula is 1 + s * (l - mm); it must be a formula; column 14: no name mm;")
        .hasCauseInstanceOf(FormulaException.class);
    assertThatThrownBy(() -> formula("top(l, s)", 1.5, false))
        .hasMessageContaining("column 8: a share of tokens that is not a number above 0");
    assertThatThrownBy(() -> formula("(1 - p) ^ s", -1, false))
        .hasMessageContaining("column 2: a power of -1.0 of what can be 0");
    refused(
        () -> formula("s", 0, false),
        "formula",
        "formula is s; it must be above 0 for some token; with gain.s = 0.0 it is 0.0");
    refused(
        () -> formula("s", 1.1, true),
        "renormalise",
        "renormalise is true; it must be false, as every token weighs 1.1 and would weigh 1");
    refused(
        () -> formula("s", 9, false),
        "clamp",
        "clamp is [0.0, 5.0]; it must be around 9.0, as every token weighs 9.0");
    refused(
        () -> Terms.pure(1).weight("1 + s * (l - H) / V", true),
        "through",
        "through is true; it must be without a gradient through V, which has none");
    assertThatThrownBy(() -> Terms.pure(1).weight("l - r", false))
        .hasMessageStartingWith("reference is ; it must be the folder of a trained run");
  }

  @ParameterizedTest
  @CsvSource({
    "(1 - s) * l + s * u, 1.5, can",
    "(1 - s) * l + s * u, -0.5, can",
    "-l, 1, can",
    "2 * s, 1, does not",
    "m * v, 1, does not"
  })
  void anObjectiveThatIsNoLossIsRefused(String objective, double s, String why) {
    refused(
        () -> Terms.pure(s).objective(objective),
        "objective",
        "objective is "
            + objective
            + "; it must be a loss: one that depends on the token and cannot fall without end,"
            + " which it "
            + why
            + " with gain.s = "
            + s);
  }

  @Test
  void formulasAreKeptInTheirCanonicalForm() {
    GainSettings settings = Terms.pure(1).weight("(1+(s*(l-m)))", false);
    assertThat(settings.formula()).isEqualTo("1 + s * (l - m)");
    assertThat(settings).isEqualTo(Terms.pure(1).weight("1 + s * (l - m)", false));
    assertThat(GainSettings.none().isNone()).isTrue();
    assertThat(settings.isNone()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void whatSZeroSwitchesOffWarmsUp(Weighting weighting) {
    boolean chooses = weighting.chooses() || weighting == Weighting.CONSTANT;
    GainSettings settings = Terms.pure(0.5).weight(weighting.formula, false);
    assertThat(settings.warmsUp()).isEqualTo(!chooses && weighting != Weighting.DFT);
  }

  @ParameterizedTest
  @EnumSource
  void everyObjectiveWarmsUp(Objective objective) {
    assertThat(Terms.pure(0.5).objective(objective.formula).warmsUp()).isTrue();
  }

  @Test
  void theySayWhatTheyMean() {
    assertThat(GainSettings.none().describe()).isEqualTo("w = 1");
    GainSettings precision =
        new GainSettings(
            PRECISION, "l", false, 0.5, 100, 1, List.of(0.0, 5.0), true, Window.MICRO, 1e-6, "");
    assertThat(precision.describe())
        .isEqualTo(
            "w = 1 + s * (l - m) / (v + eps), s = 0.5 after 100 steps, m and v of a micro-batch,"
                + " v at least 1.0, w within [0.0, 5.0], over its mean");
    assertThat(
            new Terms(0.3, 50, 1, 0, 0, INF, false, Window.RUNNING).weight("s", false).describe())
        .isEqualTo("w = s, s = 0.3, w within [0.0, Infinity]");
  }
}
