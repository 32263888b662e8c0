package dev.tiebreak.trainer.lab.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.losses.GainSettings;
import dev.tiebreak.losses.formula.Formula;
import dev.tiebreak.trainer.base.Resources;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.toml.Toml;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ArmsTest {
  private static final String STEPS = "training.steps";

  static List<String> names() {
    return Arms.names();
  }

  private static TrainConfig preset(String name) {
    return builder(name).build();
  }

  /** With what the arm rho needs. */
  private static ConfigBuilder builder(String preset) {
    return ConfigBuilder.preset(preset).set("gain.reference=runs/reference");
  }

  private static Arm arm(String toml) {
    return Arm.of("mine", Toml.parse(toml.replace("; ", "\n"), "study.toml"), "study.toml");
  }

  /** The keys whose lines differ. */
  private static Set<String> difference(TrainConfig a, TrainConfig b) {
    Set<String> keys = new HashSet<>();
    var ofB = TrainConfig.SCHEMA.values(Toml.parse(b.toToml(), "b"), Set.of(), "b");
    TrainConfig.SCHEMA
        .values(Toml.parse(a.toToml(), "a"), Set.of(), "a")
        .forEach((key, value) -> {
          if (!ofB.get(key).equals(value)) {
            keys.add(key);
          }
        });
    return keys;
  }

  @ParameterizedTest
  @MethodSource("names")
  void anArmChangesWhatItSaysOnEveryPreset(String name) {
    Arm arm = Arms.get(name);
    for (String preset : Presets.names()) {
      TrainConfig base = preset(preset);
      TrainConfig shaped = builder(preset).arm(arm).build();
      Set<String> said = new HashSet<>(arm.overrides().keySet());
      if (arm.stepsFactor() != 1) {
        said.add(STEPS);
        assertThat(shaped.training().steps())
            .isEqualTo((int) Math.ceil(base.training().steps() * arm.stepsFactor()));
        assertThat(shaped.optimizer()).isEqualTo(base.optimizer());
      }
      assertThat(said).containsAll(difference(base, shaped));
      assertThat(shaped.equals(base)).isEqualTo(name.equals(Arms.BASELINE));
    }
  }

  @Test
  void theConfigurationKnowsItsArm() {
    Set<TrainConfig> all = new HashSet<>();
    for (String name : Arms.names()) {
      TrainConfig config = preset("quick").withArm(Arms.get(name));
      boolean longer = Arms.get(name).stepsFactor() != 1; // the baseline, for another time
      assertThat(config.arm()).isEqualTo(longer ? Arms.BASELINE : name);
      assertThat(all.add(config)).as(name + " is like no other").isTrue();
      assertThat(config.withArm(Arms.get(name)).arm()).isEqualTo(config.arm());
      if (!longer) {
        assertThat(config.withArm(Arms.get(Arms.BASELINE)).gain().isNone()).isTrue();
      }
    }
  }

  @Test
  void whatIsNoArmOfTheCatalogueIsCalledByWhatIsOn() {
    ConfigBuilder builder = builder("quick").set("gain.formula=(1 - p)^s").set("gain.s=3");
    assertThat(builder.build().arm()).isEqualTo("focal");
    builder.set("gain.formula=shuffle((1-p)^s)").set("layer_scaling.kind=divergence");
    builder.set("layer_scaling.shuffle=true").set("layer_scaling.invert=true");
    assertThat(builder.build().arm()).isEqualTo("shuffled focal+shuffled inverted divergence");
    assertThat(builder.set("gain.formula=1").build().arm())
        .isEqualTo("shuffled inverted divergence");
    assertThat(builder.set("gain.formula=1 + s * (l - m)^2 / v").build().arm())
        .isEqualTo("own-gain+shuffled inverted divergence");
  }

  @Test
  void itsFormulasStandInTheirCanonicalForm() {
    for (String name : Arms.names()) {
      for (String key : List.of("gain.formula", "gain.objective")) {
        String text = Arms.get(name).overrides().get(key).asString();
        assertThat(Formula.parse(text)).as(name).hasToString(text);
      }
    }
  }

  @Test
  void rhoNeedsAReference() {
    assertThatThrownBy(() -> ConfigBuilder.preset("tiny").arm(Arms.get("rho")).build())
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("gain.reference is \"\"");
  }

  @Test
  void noGradientFlowsBetweenMicroBatches() {
    ConfigBuilder whole = ConfigBuilder.preset("1.2b").arm(Arms.get("focal-full"));
    assertThat(whole.build().gain().scope()).isEqualTo(GainSettings.Window.STEP);
    assertThatThrownBy(() -> whole.set("gain.renormalise=true").build())
        .isInstanceOf(UserError.class)
        .hasMessageContaining("gain.scope is \"step\"")
        .hasMessageContaining("it must be \"micro\" with training.accumulation above 1");
    assertThat(whole.set("training.accumulation=1").build().gain().renormalise()).isTrue();
  }

  @Test
  void publishedFormulasHaveNoLimits() {
    for (String preset : Presets.names()) {
      TrainConfig both = ConfigBuilder.preset(preset).arm(Arms.get("both-published")).build();
      assertThat(both.describe())
          .doesNotContain("at least", "within", "over its mean", "at most", "of mean 1")
          .contains("w = 1 + s * (l - m) / (v + eps)", "f = d / mean(d)");
      assertThat(both.gain().epsilon()).isZero();
    }
  }

  @Test
  void everyArmExplainsItselfInALine() {
    assertThat(Arms.names()).startsWith("baseline", "gain", "divergence", "both");
    for (String name : Arms.names()) {
      assertThat(Arms.get(name).about()).as(name).hasSizeBetween(20, 100).doesNotContain("\n");
      assertThat(Arms.get(name)).hasToString(name);
    }
    assertThat(Resources.text(Arms.class, "arms.toml").lines())
        .allMatch(line -> line.length() <= 100);
  }

  @Test
  void theFourArmsKeepTheNumbersOfTheConfiguration() {
    TrainConfig base =
        ConfigBuilder.preset("quick").set("gain.s=0.7").set("layer_scaling.cap=2").build();
    for (String name : List.of("gain", "divergence", "both")) {
      TrainConfig shaped = base.withArm(Arms.get(name));
      assertThat(shaped.arm()).isEqualTo(name);
      assertThat(shaped.gain().s()).isEqualTo(0.7);
      assertThat(shaped.layerScaling().cap()).isEqualTo(2);
      assertThat(shaped.withArm(Arms.get(Arms.BASELINE))).isEqualTo(base);
    }
  }

  @Test
  void anArmOfOnesOwnBeginsFromTheBaseline() {
    Arm mine =
        arm(
            """
            about = "small steps"
            steps_factor = 0.1
            optimizer.lr = 1e-4
            optimizer.min_lr = 0
            """);
    TrainConfig shaped = builder("tiny").set("gain.formula=1 + s * (l - m)").arm(mine).build();
    assertThat(shaped.optimizer().lr()).isEqualTo(1e-4);
    assertThat(shaped.training().steps()).isEqualTo(6);
    assertThat(shaped.gain().isNone()).isTrue();
    assertThat(difference(preset("tiny"), shaped))
        .containsExactlyInAnyOrder("optimizer.lr", "optimizer.min_lr", STEPS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "gain.s = 1 | arm mine in study.toml has no line that says what it is; add about = \"...\"",
        "about = 3 | arm mine in study.toml has no line that says what it is; add about = \"...\"",
        "about = \"a\"; steps_factor = 0 | steps_factor of arm mine in study.toml must be a number"
            + " above 0",
        "about = \"a\"; steps_factor = \"half\" | steps_factor of arm mine in study.toml must be a"
            + " number above 0",
        "about = \"a\"; gain.s2 = 1 | unknown key gain.s2 (arm mine in study.toml); did you mean"
            + " gain.s?",
        "about = \"a\"; gains.s = 1 | unknown section gains (arm mine in study.toml); did you mean"
            + " gain?",
        "about = \"a\"; formula = \"p\" | unknown key formula (arm mine in study.toml); did you mean"
            + " gain.formula?",
      })
  void aWrongTableIsNamed(String toml, String message) {
    assertThatThrownBy(() -> arm(toml)).isInstanceOf(UserError.class).hasMessage(message);
  }

  @Test
  void aWrongValueIsBlamedOnTheArm() {
    Arm mine = arm("about = \"a\"; gain.s = \"strong\"");
    assertThatThrownBy(() -> ConfigBuilder.preset("tiny").arm(mine).build())
        .isInstanceOf(UserError.class)
        .hasMessage("gain.s is \"strong\" (arm mine); it must be a number");
    assertThatThrownBy(() -> Arm.of("a/b", Toml.parse("about = \"a\"", "x"), "study.toml"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("arm a/b in study.toml: a run's folder is named after it");
  }
}
