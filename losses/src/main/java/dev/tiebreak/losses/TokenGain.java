package dev.tiebreak.losses;

import dev.tiebreak.losses.formula.Formula;
import dev.tiebreak.losses.formula.Quantity;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.Philox;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns per-token losses into the scalar that is run backwards: mean(w l), with the weights of a
 * {@link Formula}, which are then clamped, then divided by their mean, as set. They are constants
 * to the backward pass unless it is to go through them; another objective may take the place of l.
 */
public final class TokenGain {
  private static final Set<Quantity> NOT_OF_THE_LOSS =
      Set.of(
          Quantity.ENTROPY,
          Quantity.EXPECTED_VARIANCE,
          Quantity.UNIFORM,
          Quantity.REFERENCE,
          Quantity.COUNT);

  private final GainSettings settings;
  private final Formula weight;
  private final Formula objective;
  private final boolean warmsUp;
  private final Gpt reference; // null if no formula names its losses
  private final Scope kept;
  private final Moments moments;
  private final Philox random;
  private final WholeStep whole;
  private Tensor referenceLosses; // (B, T) of the micro-batch at hand

  /**
   * @param kept owns the reference's losses and the running statistics, from the first batch on
   * @param seed decides the order of shuffled values
   * @param reference a trained model with the same vocabulary and no shorter sequences, for
   *     formulas with {@code r}; else null
   */
  public TokenGain(GainSettings settings, Scope kept, long seed, Gpt reference) {
    if (settings.needsReference() != (reference != null)) {
      throw new IllegalArgumentException(
          "a reference model is for formulas with r, and those need one");
    }
    this.settings = settings;
    this.weight = Formula.parse(settings.formula());
    this.objective = Formula.parse(settings.objective());
    this.warmsUp = settings.warmsUp();
    this.reference = reference;
    this.kept = kept;
    this.moments = new Moments(settings.scope(), kept);
    this.random = new Philox(seed, Philox.PLACEBO);
    this.whole = new WholeStep(kept, settings.gathered());
    whole.begin();
  }

  /**
   * Called before the tape of a micro-batch is opened, for what needs a forward pass of its own: a
   * reference model's losses.
   *
   * @param inputs (B, T)
   * @param targets (B, T)
   * @param step for results that are not kept
   */
  public void prepare(Tensor inputs, Tensor targets, Scope step) {
    if (reference == null) {
      return;
    }
    try (Tape _ = Tape.inference(step)) {
      Tensor losses = reference.losses(inputs, targets);
      if (referenceLosses == null) {
        referenceLosses = kept.allocate(losses.dtype(), losses.shape());
      }
      referenceLosses.copyFrom(losses);
    }
  }

  /**
   * Whether the weights of a step of so many micro-batches need what all of them tell, so that each
   * must run forwards twice: for {@link #look}, then for {@link #shape}.
   */
  public boolean looksAhead(int microBatches) {
    return microBatches > 1 && settings.isOfWholeStep() && settings.weightComparesTokens();
  }

  /** A step begins. */
  void begin() {
    whole.begin();
  }

  /**
   * Takes in the next of {@code count} micro-batches of a step whose weights are asked for next.
   */
  void look(Prediction prediction, int count) {
    whole.add(
        batch(prediction, known(), Tokens.of(prediction.losses(), prediction.targets())), count);
  }

  /** Works the weights of the step's tokens out (N B, T), which the micro-batches then get. */
  ShapedLoss weigh(long step) {
    Prediction all = new Prediction(null, whole.losses(), null, step, step);
    ShapedLoss shaped = shape(batch(all, whole.gathered(), whole.tokens()), all, null, false);
    whole.weigh(shaped.weights());
    return shaped;
  }

  /** The losses of the step whose weights were worked out (N B, T). */
  Tensor stepLosses() {
    return whole.losses();
  }

  /** The shaped loss of one micro-batch; each once, in order. */
  public ShapedLoss shape(Prediction prediction) {
    Tokens tokens = Tokens.of(prediction.losses(), prediction.targets());
    Tensor weights = whole.isReady() ? whole.next() : null;
    return shape(batch(prediction, known(), tokens), prediction, weights, true);
  }

  private Map<Quantity, Tensor> known() {
    if (reference == null) {
      return Map.of();
    }
    if (referenceLosses == null) {
      throw new IllegalStateException("the reference's losses are missing: call prepare first");
    }
    return Map.of(Quantity.REFERENCE, referenceLosses);
  }

  private Batch batch(Prediction prediction, Map<Quantity, Tensor> known, Tokens tokens) {
    boolean momentsFlow = settings.through() || Batch.usesMoments(objective);
    return new Batch(prediction, known, tokens, settings, moments, momentsFlow);
  }

  /**
   * @param given the tokens' weights (B, T); null if they are worked out here
   * @param flows whether the objective has a gradient; of a whole step only numbers are gathered
   */
  private ShapedLoss shape(Batch batch, Prediction prediction, Tensor given, boolean flows) {
    Tensor losses = prediction.losses();
    Tokens tokens = batch.tokens();
    double s = strengthAt(prediction.step());
    Map<Quantity, Double> numbers = GainSettings.numbers(s, settings.epsilon(), tokens.count());
    TokenOrder order = new TokenOrder(tokens, random);
    Value w =
        given == null
            ? new Evaluator(batch, order, settings.through()).value(weight.with(numbers))
            : Value.of(given);
    Tensor objectives = new Evaluator(batch, order, flows).value(objective.with(numbers)).tensor();
    Tensor unclamped = ofTokens(w, losses); // (B, T)
    boolean done = w.isNumber() || given != null;
    List<Double> ends = done ? List.of() : settings.clamp();
    Tensor clamped = ends.isEmpty() ? unclamped : unclamped.clamp(ends.getFirst(), ends.getLast());
    Tensor weights = settings.renormalise() && !done ? tokens.meanOne(clamped) : clamped;
    return new ShapedLoss(
        w.isNumber()
            ? new Value(tokens.mean(objectives), w.shift(), 0).tensor() // mean(w l) = w mean(l)
            : tokens.mean(objectives.mul(weights)),
        batch.mean().detach(),
        batch.variance().detach(),
        weights,
        unclamped,
        clamped,
        tokens.mask(),
        s,
        pure(s));
  }

  /** One weight for each token, also where the formula has one for all. */
  private static Tensor ofTokens(Value w, Tensor losses) {
    if (w.isNumber()) {
      return losses.detach().affine(0, w.shift());
    }
    return w.x().shape().equals(losses.shape())
        ? w.tensor()
        : losses.detach().scale(0).add(w.tensor());
  }

  private Formula pure(double s) {
    boolean ofOwnLoss =
        objective.toString().equals(GainSettings.PLAIN_LOSS)
            && weight.isPointwise()
            && NOT_OF_THE_LOSS.stream().noneMatch(weight::uses);
    return ofOwnLoss ? weight.with(Map.of(Quantity.STRENGTH, s, Quantity.EPSILON, 0.0)) : null;
  }

  /** s in a step, from 0. */
  private double strengthAt(long step) {
    double s = settings.s();
    return warmsUp ? s * Math.min(1.0, (step + 1) / (settings.warmup() + 1.0)) : s;
  }

  private boolean keepsMoments() {
    return settings.scope() == GainSettings.Window.RUNNING
        && (Batch.usesMoments(weight) || Batch.usesMoments(objective));
  }

  /** What must be saved in a checkpoint: running statistics, empty if there are none. */
  public double[] state() {
    return keepsMoments() ? moments.state() : new double[0];
  }

  /** Puts back what {@link #state} returned. */
  public void restore(double[] state) {
    if (keepsMoments()) {
      moments.restore(state);
    } else if (state.length != 0) {
      throw new IllegalArgumentException("it has no state, got " + state.length + " numbers");
    }
  }
}
