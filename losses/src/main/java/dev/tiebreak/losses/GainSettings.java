package dev.tiebreak.losses;

import static dev.tiebreak.losses.SettingException.check;

import dev.tiebreak.losses.formula.Formula;
import dev.tiebreak.losses.formula.FormulaException;
import dev.tiebreak.losses.formula.Operation;
import dev.tiebreak.losses.formula.Quantity;
import dev.tiebreak.losses.formula.Quantity.Extent;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What a token gain is: {@code [gain]} of a configuration. The weight of a token is worked out by a
 * {@link Formula}, then clamped, then divided by its mean, as set here.
 *
 * @param formula the weight w of a token; 1 for every token is the baseline. Kept in its canonical
 *     form
 * @param objective the loss of a token that is run backwards; {@code l}, the cross-entropy, is the
 *     baseline. Kept in its canonical form
 * @param through whether the gradient flows through w; else w is a constant to the backward pass
 * @param s the strength
 * @param warmup steps over which s grows from s / (warmup + 1) to s, where s = 0 means no gain
 * @param floor the least v and V, in square nats
 * @param clamp the least and the largest w, or empty for no limits
 * @param renormalise whether w is divided by its mean after the clamp; where that is not positive,
 *     every w is 1
 * @param scope where m and v come from
 * @param epsilon eps of formulas
 * @param reference where the model is whose losses are r, for formulas that use it; else empty
 */
public record GainSettings(
    String formula,
    String objective,
    boolean through,
    double s,
    int warmup,
    double floor,
    List<Double> clamp,
    boolean renormalise,
    Window scope,
    double epsilon,
    String reference) {
  /** The formula of the baseline. */
  public static final String PLAIN_WEIGHT = "1";

  /** The objective of the baseline. */
  public static final String PLAIN_LOSS = "l";

  private static final String SHUFFLED = "shuffle(";
  private static final double SOME_TOKENS = 1024; // for what is to hold for any number of them

  /** Over what the mean m and the variance v of the losses are taken. */
  public enum Window {
    /** The micro-batch at hand: the weights of a centred gain have mean exactly 1. */
    MICRO,
    /**
     * The whole step, however it is divided into micro-batches, which then run forwards twice. So
     * is whatever else compares tokens: a division by the mean, an order, a deal.
     */
    STEP,
    /** As for a step, but m and v are an exponential average of the steps so far. */
    RUNNING
  }

  /** Checks every value, and those together that the formula uses together. */
  public GainSettings {
    clamp = List.copyOf(clamp);
    check(Double.isFinite(s), "s", s, "a number");
    check(warmup >= 0, "warmup", warmup, "a whole number, 0 or more");
    check(floor >= 0 && Double.isFinite(floor), "floor", floor, "a number, 0 or more");
    check(
        clamp.isEmpty() || clamp.size() == 2 && clamp.get(0) < clamp.get(1) && clamp.get(1) > 0,
        "clamp",
        clamp,
        "two numbers, the smaller first and the larger above 0, or [] for no limits");
    check(epsilon >= 0 && Double.isFinite(epsilon), "epsilon", epsilon, "a number, 0 or more");
    Formula weight = read("formula", formula, s, epsilon);
    Formula loss = read("objective", objective, s, epsilon);
    checkConstant(weight, formula, s, clamp, renormalise);
    boolean falls = loss.least() == Double.NEGATIVE_INFINITY;
    check(
        !falls && loss.root().extent() == Extent.TOKEN,
        "objective",
        objective,
        "a loss: one that depends on the token and cannot fall without end, which it "
            + (falls ? "can" : "does not")
            + " with gain.s = "
            + s);
    check(!through || !weight.uses(Quantity.EXPECTED_VARIANCE), "through", through, noGradient());
    check(!loss.uses(Quantity.EXPECTED_VARIANCE), "objective", objective, noGradient());
    check(
        !reference.isEmpty() || !weight.uses(Quantity.REFERENCE) && !loss.uses(Quantity.REFERENCE),
        "reference",
        reference,
        "the folder of a trained run, whose losses are r of the formula");
    formula = Formula.parse(formula).toString();
    objective = Formula.parse(objective).toString();
  }

  private static String noGradient() {
    return "without a gradient through V, which has none";
  }

  /** The formula with its numbers put in, checked. */
  private static Formula read(String setting, String text, double s, double epsilon) {
    try {
      Formula formula = Formula.parse(text).with(numbers(s, epsilon, SOME_TOKENS));
      formula.check();
      return formula;
    } catch (FormulaException e) {
      throw new SettingException(setting, text, "a formula; " + e.getMessage(), e);
    }
  }

  private static void checkConstant(
      Formula weight, String text, double s, List<Double> clamp, boolean renormalise) {
    OptionalDouble constant = weight.constant();
    if (constant.isEmpty()) {
      return;
    }
    double w = constant.getAsDouble();
    String every = String.format(Locale.ROOT, ", as every token weighs %s", w);
    check(w > 0, "formula", text, "above 0 for some token; with gain.s = " + s + " it is " + w);
    check(w == 1 || !renormalise, "renormalise", true, "false" + every + " and would weigh 1");
    check(
        clamp.isEmpty() || clamp.getFirst() <= w && w <= clamp.getLast(),
        "clamp",
        clamp,
        "around " + w + every);
  }

  /** Numbers for what a formula can use that is known beforehand. */
  static Map<Quantity, Double> numbers(double strength, double epsilon, double tokens) {
    return Map.of(Quantity.STRENGTH, strength, Quantity.EPSILON, epsilon, Quantity.COUNT, tokens);
  }

  /** Cross-entropy and nothing else. */
  public static GainSettings none() {
    return pure(PLAIN_WEIGHT, 0);
  }

  /** A formula as it is: micro-batch statistics, no warm-up, floor, eps, clamp or division. */
  public static GainSettings pure(String formula, double s) {
    return new GainSettings(
        formula, PLAIN_LOSS, false, s, 0, 0, List.of(), false, Window.MICRO, 0, "");
  }

  /** Whether every token weighs 1 and its loss is the cross-entropy. */
  public boolean isNone() {
    return formula.equals(PLAIN_WEIGHT) && objective.equals(PLAIN_LOSS);
  }

  /** Whether tokens have weights. */
  public boolean weighs() {
    return !formula.equals(PLAIN_WEIGHT);
  }

  /** Whether a token's weight or loss depends on this quantity. */
  public boolean uses(Quantity quantity) {
    return Formula.parse(formula).uses(quantity) || Formula.parse(objective).uses(quantity);
  }

  /** Whether s = 0 is the baseline, so that s can grow from there. */
  public boolean warmsUp() {
    Map<Quantity, Double> off = numbers(0, epsilon, SOME_TOKENS);
    return Formula.parse(formula).with(off).toString().equals(PLAIN_WEIGHT)
        && Formula.parse(objective).with(off).toString().equals(PLAIN_LOSS);
  }

  /** Whether a token is compared with all of its step, not of its micro-batch alone. */
  public boolean isOfWholeStep() {
    return scope != Window.MICRO;
  }

  /** Whether a token's weight depends on those of other tokens. */
  public boolean weightComparesTokens() {
    Formula weight = Formula.parse(formula);
    return weighs()
        && (comparesTokens(weight) || renormalise && weight.root().extent() == Extent.TOKEN);
  }

  /** Whether gradients flow through what compares tokens, for which they must all be at hand. */
  public boolean flowsBetweenTokens() {
    return through && weightComparesTokens() || comparesTokens(Formula.parse(objective));
  }

  private static boolean comparesTokens(Formula formula) {
    return !formula.isPointwise()
        || formula.uses(Quantity.COUNT)
        || Arrays.stream(Quantity.values())
            .anyMatch(name -> name.extent() == Extent.BATCH && formula.uses(name));
  }

  /** What the weights and losses of a step are worked out of: of tokens, not of formulas. */
  Set<Quantity> gathered() {
    Set<Quantity> names = EnumSet.of(Quantity.LOSS);
    Arrays.stream(Quantity.values())
        .filter(name -> name.extent() == Extent.TOKEN && name != Quantity.PROBABILITY && uses(name))
        .forEach(names::add);
    return names;
  }

  /** Whether a trained model is needed, whose losses a formula names. */
  public boolean needsReference() {
    return uses(Quantity.REFERENCE);
  }

  /** The gain whose weights this one deals to the tokens at random; empty if it does not. */
  public Optional<GainSettings> unshuffled() {
    if (!formula.startsWith(SHUFFLED) || !Formula.parse(formula).isCall(Operation.SHUFFLE)) {
      return Optional.empty();
    }
    String dealt = formula.substring(SHUFFLED.length(), formula.length() - 1);
    return Optional.of(
        new GainSettings(
            dealt,
            objective,
            through,
            s,
            warmup,
            floor,
            clamp,
            renormalise,
            scope,
            epsilon,
            reference));
  }

  /** What these settings mean, in one line. */
  public String describe() {
    StringBuilder words = new StringBuilder("w = ").append(formula);
    if (!objective.equals(PLAIN_LOSS)) {
      words.append(", loss ").append(objective);
    }
    if (uses(Quantity.STRENGTH)) {
      words.append(", s = ").append(s);
      words.append(warmup > 0 && warmsUp() ? " after " + warmup + " steps" : "");
    }
    if (uses(Quantity.MEAN) || uses(Quantity.VARIANCE) || uses(Quantity.DEVIATION)) {
      words.append(
          switch (scope) {
            case MICRO -> ", m and v of a micro-batch";
            case STEP -> ", m and v of a step";
            case RUNNING -> ", running m and v";
          });
      words.append(floor > 0 ? ", v at least " + floor : "");
    }
    if (weighs()) {
      words.append(clamp.isEmpty() ? "" : ", w within " + clamp);
      words.append(renormalise ? ", over its mean" : "");
      words.append(through ? ", with its gradient" : "");
    }
    return words.toString();
  }
}
