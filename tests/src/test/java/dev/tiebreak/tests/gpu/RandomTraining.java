package dev.tiebreak.tests.gpu;

import dev.tiebreak.losses.LayerScaling;
import dev.tiebreak.losses.Prediction;
import dev.tiebreak.losses.ShapedLoss;
import dev.tiebreak.losses.TokenGain;
import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GradientClip;
import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Philox;
import dev.tiebreak.tensor.Readback;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.train.WeightsHash;
import java.lang.foreign.MemorySegment;

/**
 * A model that learns random tokens, of which some come often, as in text: the trainer's step
 * without files and logs. Every step brings its tokens from the host, and nothing waits for the
 * GPU.
 */
final class RandomTraining implements AutoCloseable {
  static final int VOCABULARY = 50_257; // GPT-2's; presets pad it as they like
  private static final int BATCHES = 4; // different ones, in turn
  private static final int FRACTIONS = 1 << 24;

  private final TrainConfig config;
  private final Scope kept;
  private final Scope step;
  private final Gpt model;
  private final AdamW optimizer;
  private final TokenGain gain;
  private final Tensor tokens; // (B, T)
  private final Tensor targets; // (B, T)
  private final int[][] batches;

  /**
   * @param step for activations; several trainings may take turns in one
   * @param vocabulary of the tokens
   */
  static RandomTraining of(Backend backend, TrainConfig config, Scope step, int vocabulary) {
    Scope kept = backend.newScope("model");
    try {
      return new RandomTraining(kept, config, step, vocabulary);
    } catch (RuntimeException e) {
      kept.close(); // or a model that does not fit leaves no room for a smaller one
      throw e;
    }
  }

  private RandomTraining(Scope kept, TrainConfig config, Scope step, int vocabulary) {
    this.config = config;
    this.step = step;
    this.kept = kept;
    DType dtype = config.training().precision().dtype();
    model = new Gpt(config.model().gpt(vocabulary), dtype, kept, config.training().seed());
    optimizer = new AdamW(model.parameters(), kept, config.optimizer().adamW());
    gain = new TokenGain(config.gain(), kept, 1, null);
    long seed = config.training().seed();
    new LayerScaling(model, optimizer, config.layerScaling(), seed);
    int batch = config.training().batch();
    int length = config.model().sequenceLength();
    tokens = kept.zeros(DType.I32, batch, length);
    targets = kept.zeros(DType.I32, batch, length);
    batches = new int[2 * BATCHES][batch * length];
    for (int i = 0; i < batches.length; i++) {
      Philox random = new Philox(1, i);
      for (int j = 0; j < batches[i].length; j++) {
        double u = random.below(j, FRACTIONS) / (double) FRACTIONS;
        batches[i][j] = (int) (vocabulary * u * u * u * u);
      }
    }
  }

  Gpt model() {
    return model;
  }

  int tokensPerStep() {
    return batches[0].length;
  }

  long bytesKept() {
    return kept.reservedBytes();
  }

  /** The gain that the configuration asks for. */
  TokenGain gain() {
    return gain;
  }

  /** One step as configured. */
  Readback run(int i) {
    return run(i, gain);
  }

  /**
   * One step with another gain; returns its plain loss and the gradient's norm, to be waited for.
   */
  Readback run(int i, TokenGain otherGain) {
    tokens.copyFrom(MemorySegment.ofArray(batches[2 * Math.floorMod(i, BATCHES)]));
    targets.copyFrom(MemorySegment.ofArray(batches[2 * Math.floorMod(i, BATCHES) + 1]));
    model.clearGradients();
    int number = Math.max(0, i);
    model.startMicroBatch(number);
    Readback loss;
    try (Tape tape = Tape.start(step)) {
      ShapedLoss shaped = otherGain.shape(Prediction.of(model, tokens, targets, number, number));
      loss = Readback.of(shaped.plain());
      tape.backward(shaped.loss());
    }
    try (Tape _ = Tape.inference(step)) {
      model.gradientsReady();
      Tensor norm = GradientClip.norm(model.parameters());
      double limit = config.optimizer().clip();
      optimizer.step(config.optimizer().lr(), GradientClip.coefficient(norm, limit));
    }
    return loss;
  }

  /** SHA-256 of all weights. */
  String hash() {
    return WeightsHash.of(model.parameters());
  }

  /** The step's scope stays with who brought it. */
  @Override
  public void close() {
    kept.close();
  }
}
