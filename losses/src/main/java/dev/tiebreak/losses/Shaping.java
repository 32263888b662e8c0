package dev.tiebreak.losses;

import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.Readback;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Both ways of shaping the training signal, attached to a model: the one thing that a training loop
 * needs of this module. In each step: {@link #begin}; if it looks ahead, {@link #prepare} and
 * {@link #look} for each micro-batch, then {@link #weigh}; for each micro-batch {@link #prepare}
 * and, after the forward pass, {@link #shape}; then the model's gradients are ready, which scales
 * them.
 */
public final class Shaping {
  private static final int WATCHED = 4;

  private final TokenGain gain;
  private final LayerScaling scaling;
  private final Watch watch;
  private boolean looked; // at the whole step, of which the watch knows all then

  private Shaping(TokenGain gain, LayerScaling scaling, Watch watch) {
    this.gain = gain;
    this.scaling = scaling;
    this.watch = watch;
  }

  /**
   * Attaches gain and scaling to a model and its optimizer; what they keep lives as long as its
   * weights.
   *
   * @param seed decides the order of shuffled weights and factors
   * @param reference the trained model of {@link GainSettings#reference}; null if there is none
   */
  public static Shaping of(
      GainSettings gain,
      ScalingSettings scaling,
      Gpt model,
      AdamW optimizer,
      long seed,
      Gpt reference) {
    Tensor weight = model.parameters().getFirst().tensor();
    Scope kept = weight.scope();
    return new Shaping(
        new TokenGain(gain, kept, seed, reference),
        new LayerScaling(model, optimizer, scaling, seed),
        new Watch(kept, weight.dtype().wide()));
  }

  /** A step begins; what forward passes have told since the last one was of no step. */
  public void begin() {
    scaling.forget();
    watch.begin();
    gain.begin();
    looked = false;
  }

  /** Whether a step of so many micro-batches looks at them all first, see {@link #look}. */
  public boolean looksAhead(int microBatches) {
    return gain.looksAhead(microBatches);
  }

  /**
   * Takes in one micro-batch of a step before any of them is shaped; each once, in order.
   *
   * @param count how many micro-batches the step has
   */
  public void look(Prediction prediction, int count) {
    gain.look(prediction, count);
  }

  /**
   * Works out the weights of all micro-batches that were looked at; needs an open tape.
   *
   * @param step the optimizer step, from 0
   * @return of the whole step: tensors are (N B, T) for N micro-batches
   */
  public ShapedLoss weigh(long step) {
    scaling.forget();
    ShapedLoss shaped = gain.weigh(step);
    watch.add(shaped);
    looked = true;
    return shaped;
  }

  /** What to watch about the gain in the step that was weighed. */
  public GainDiagnostics diagnose(ShapedLoss weighed) {
    return GainDiagnostics.of(gain.stepLosses(), weighed);
  }

  /**
   * Called before the tape of a micro-batch is opened, see {@link TokenGain#prepare}.
   *
   * @param inputs (B, T)
   * @param targets (B, T)
   * @param step for results that are not kept
   */
  public void prepare(Tensor inputs, Tensor targets, Scope step) {
    gain.prepare(inputs, targets, step);
  }

  /** The shaped loss of one micro-batch; each once, in order. */
  public ShapedLoss shape(Prediction prediction) {
    ShapedLoss shaped = gain.shape(prediction);
    if (!looked) {
      watch.add(shaped);
    }
    return shaped;
  }

  /**
   * Starts reading the step's extremes back, after the gradients were made ready; needs an open
   * tape.
   *
   * @param others one-element tensors to be read back before them
   */
  public Readback readback(Tensor... others) {
    Tensor[] watched = watch.scalars(scaling.factors());
    return Readback.of(
        Stream.concat(Arrays.stream(others), Arrays.stream(watched)).toArray(Tensor[]::new));
  }

  /** The step's extremes out of the numbers of a {@link #readback}. */
  public static StepExtremes extremes(double[] numbers) {
    int from = numbers.length - WATCHED;
    return Watch.read(numbers[from], numbers[from + 1], numbers[from + 2], numbers[from + 3]);
  }

  /** Name and value pairs about the layer scaling of the last step. Waits for the numbers. */
  public Map<String, Double> diagnostics() {
    return scaling.diagnostics();
  }

  /** The gain's running statistics for a checkpoint, see {@link TokenGain#state}. */
  public double[] state() {
    return gain.state();
  }

  /** Puts back what {@link #state} returned. */
  public void restore(double[] state) {
    gain.restore(state);
  }
}
