package dev.tiebreak.trainer.lab.config;

import dev.tiebreak.losses.GainSettings;
import dev.tiebreak.losses.Objective;
import dev.tiebreak.losses.TokenGain;
import dev.tiebreak.losses.WeightGain;
import dev.tiebreak.losses.Weighting;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.trainer.base.Names;
import dev.tiebreak.trainer.base.Shell;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.base.toml.Check;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code [gain]}: the weight of each token in the training loss, or another objective in its place.
 * The formulas are in {@link Weighting} and {@link Objective}. What s is depends on the kind:
 *
 * <table>
 * <caption>s</caption>
 * <tr><th>kind</th><th>s is</th><th>without a gain</th></tr>
 * <tr><td>precision, excess_surprisal</td><td>a strength in nats</td><td>0</td></tr>
 * <tr><td>linear, term</td><td>a strength per nat</td><td>0</td></tr>
 * <tr><td>z, sigmoid</td><td>a strength per standard deviation</td><td>0</td></tr>
 * <tr><td>power, focal, mile</td><td>an exponent; 0 or more for power and focal</td><td>0</td></tr>
 * <tr><td>label_smoothing</td><td>the share of the uniform distribution, below 1</td><td>0</td></tr>
 * <tr><td>confidence_penalty</td><td>the weight of the entropy, 0 or more</td><td>0</td></tr>
 * <tr><td>top_k, rho</td><td>the share of the tokens that count</td><td>1</td></tr>
 * <tr><td>constant</td><td>the weight of every token</td><td>1</td></tr>
 * <tr><td>dft</td><td>not used</td><td></td></tr>
 * </table>
 *
 * <p>A kind does not look at keys that it has no use for, so the arms of a study can share them.
 *
 * @param kind whether there is a gain, and which
 * @param s see above
 * @param warmup steps in which s rises linearly, where s = 0 means no gain
 * @param floor the smallest variance that is divided by, in nats squared
 * @param clamp the smallest and the largest w, or empty for no limits
 * @param renormalise whether the weights are divided by their mean after the clamp
 * @param scope over which tokens mean and variance of the losses are taken
 * @param epsilon added to the variance, or to the standard deviation
 * @param detached whether the weights are constants to the backward pass; false for focal only
 * @param shuffle whether the weights are dealt to the tokens at random: a placebo
 * @param reference folder of the run whose model is the reference of rho; else empty
 */
public record GainConfig(
    Kind kind,
    double s,
    int warmup,
    double floor,
    List<Double> clamp,
    boolean renormalise,
    GainSettings.Scope scope,
    double epsilon,
    boolean detached,
    boolean shuffle,
    String reference) {
  private static final String CONFIG = "config.toml"; // in the folder of a run

  /** The token gains there are. */
  public enum Kind {
    /** Every token weighs 1. */
    NONE(null, null),
    /** {@link Weighting#PRECISION}. */
    PRECISION(Weighting.PRECISION, null),
    /** {@link Weighting#Z}. */
    Z(Weighting.Z, null),
    /** {@link Weighting#LINEAR}. */
    LINEAR(Weighting.LINEAR, null),
    /** {@link Weighting#TERM}. */
    TERM(Weighting.TERM, null),
    /** {@link Weighting#POWER}. */
    POWER(Weighting.POWER, null),
    /** {@link Weighting#SIGMOID}. */
    SIGMOID(Weighting.SIGMOID, null),
    /** {@link Weighting#FOCAL}. */
    FOCAL(Weighting.FOCAL, null),
    /** {@link Weighting#MILE}. */
    MILE(Weighting.MILE, null),
    /** {@link Weighting#EXCESS_SURPRISAL}. */
    EXCESS_SURPRISAL(Weighting.EXCESS_SURPRISAL, null),
    /** {@link Weighting#DFT}. */
    DFT(Weighting.DFT, null),
    /** {@link Weighting#TOP_K}. */
    TOP_K(Weighting.TOP_K, null),
    /** {@link Weighting#CONSTANT}. */
    CONSTANT(Weighting.CONSTANT, null),
    /** {@link Weighting#RHO}. */
    RHO(Weighting.RHO, null),
    /** {@link Objective#LABEL_SMOOTHING}. */
    LABEL_SMOOTHING(null, Objective.LABEL_SMOOTHING),
    /** {@link Objective#CONFIDENCE_PENALTY}. */
    CONFIDENCE_PENALTY(null, Objective.CONFIDENCE_PENALTY);

    private final Weighting weighting; // or null
    private final Objective objective; // or null

    Kind(Weighting weighting, Objective objective) {
      this.weighting = weighting;
      this.objective = objective;
    }

    /** Whether tokens get weights. */
    public boolean weighs() {
      return weighting != null;
    }

    /** Whether a gradient flows into the logits besides that of their cross-entropy. */
    public boolean differentiatesLogits() {
      return objective != null;
    }
  }

  /** Checks every value, and those that the kind uses together. */
  public GainConfig {
    clamp = List.copyOf(clamp);
    Check.that(Double.isFinite(s), "gain.s", s, "a number");
    Check.atLeast(0, "gain.warmup", warmup);
    Check.notNegative("gain.floor", floor);
    Check.that(
        clamp.isEmpty() || clamp.size() == 2 && clamp.get(0) < clamp.get(1) && clamp.get(1) > 0,
        "gain.clamp",
        clamp,
        "two numbers, the smaller first and the larger above 0, or []" + " for no limits");
    Check.notNegative("gain.epsilon", epsilon);
    String name = Names.label(kind);
    if (kind.weighs()) {
      Weighting.Range range = kind.weighting.range();
      Check.that(range.contains(s), "gain.s", s, range + " for the gain " + name);
    }
    if (kind == Kind.LABEL_SMOOTHING) {
      Check.fraction("gain.s", s);
    }
    if (kind == Kind.CONFIDENCE_PENALTY) {
      Check.notNegative("gain.s", s);
    }
    if (kind == Kind.CONSTANT) {
      Check.that(
          !renormalise, "gain.renormalise", true, "false for the gain constant, or all weigh 1");
      Check.that(
          clamp.isEmpty() || clamp.getFirst() <= s && s <= clamp.getLast(),
          "gain.clamp",
          clamp,
          "around gain.s, which is " + s + ", for the gain constant");
    }
    if (kind != Kind.NONE) {
      Check.that(
          detached || kind == Kind.FOCAL,
          "gain.detached",
          false,
          "true for the gain " + name + "; only focal has a full gradient");
      Check.that(
          !shuffle || kind.weighs() && detached,
          "gain.shuffle",
          true,
          "false for the gain " + name + (detached ? ", which has no weights" : " with gradient"));
    }
    Check.that(
        kind != Kind.RHO || !reference.isEmpty(),
        "gain.reference",
        reference,
        "the folder of a trained run for the gain rho");
  }

  /**
   * The gain itself, with fresh running averages in {@code kept}.
   *
   * @param seed decides the order of shuffled weights
   * @param referenceModel the model of {@link #reference} if {@link #hasReference}, else null
   */
  public TokenGain tokenGain(Scope kept, long seed, Gpt referenceModel) {
    if (kind == Kind.NONE) {
      return TokenGain.none();
    }
    if (kind.objective != null) {
      return TokenGain.objective(kind.objective, settings());
    }
    if (!detached) {
      return TokenGain.focalLoss(settings(), kept);
    }
    WeightGain gain =
        hasReference()
            ? TokenGain.rho(settings(), kept, referenceModel)
            : TokenGain.weighted(kind.weighting, settings(), kept);
    return shuffle ? TokenGain.shuffled(gain, seed) : gain;
  }

  private GainSettings settings() {
    double low = clamp.isEmpty() ? Double.NEGATIVE_INFINITY : clamp.getFirst();
    double high = clamp.isEmpty() ? Double.POSITIVE_INFINITY : clamp.getLast();
    return new GainSettings(s, warmup, floor, epsilon, low, high, renormalise, scope);
  }

  /** Whether a reference model is needed. */
  public boolean hasReference() {
    return kind == Kind.RHO;
  }

  /**
   * The configuration that the reference model was trained with.
   *
   * @throws UserError if its folder holds no run
   */
  public TrainConfig referenceConfig() {
    Path file = Path.of(reference, CONFIG);
    if (!Files.exists(file)) {
      throw new UserError(
          Words.of(
              "gain.reference: no run in %s; train the reference model first: tiebreak train --preset quick --run %s",
              reference, Shell.word(Path.of(reference))));
    }
    return ConfigBuilder.read(file);
  }
}
