package dev.tiebreak.trainer.estimate;

import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.nn.GptConfig.Activation;
import dev.tiebreak.nn.GptConfig.NormKind;
import dev.tiebreak.nn.GptConfig.Positions;
import dev.tiebreak.trainer.config.GainConfig;
import dev.tiebreak.trainer.config.LayerScalingConfig;
import dev.tiebreak.trainer.config.TrainConfig;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The memory of one micro-batch. Walks forward through the model and the losses, then backward over
 * a tape, in the order of the real ones, and counts every tensor: each result lives until the tape
 * closes, and so does its gradient.
 */
final class StepPlan {
  /** What the memory is for. */
  enum Part {
    /** Results of operations inside the model, and their gradients. */
    ACTIVATIONS,
    /** Logits (B, T, V), and their gradient. */
    LOGITS,
    /** What an operation needs only while it runs, and one number per token here and there. */
    WORKSPACE
  }

  private static final int QUERIES_PER_BLOCK = 64; // of the attention
  private static final int BYTES = Float.BYTES;

  /** A tensor that a gradient may flow into; weights have theirs elsewhere. */
  private static final class Value {
    private final Part part;
    private final long elements;
    private boolean hasGradient;

    Value(Part part, long elements) {
      this.part = part;
      this.elements = elements;
    }
  }

  /** An operation on the tape: its backward needs gradients of its inputs, then scratch memory. */
  private record Node(List<Value> inputs, long scratch) {}

  private final GptConfig gpt;
  private final TrainConfig config;
  private final int threads;
  private final PlannedScope scope = new PlannedScope();
  private final Map<Part, Long> bytes = new EnumMap<>(Part.class);
  private final Deque<Node> tape = new ArrayDeque<>();
  private final long tokens; // B T
  private boolean training;

  private StepPlan(TrainConfig config, GptConfig gpt, int threads) {
    this.config = config;
    this.gpt = gpt;
    this.threads = threads;
    this.tokens = (long) config.training().batch() * gpt.sequenceLength();
  }

  /**
   * What a micro-batch takes.
   *
   * @param bytes by part
   * @param inUse all of them, with what rounding adds
   * @param reserved bytes that the step scope takes for them from the operating system
   */
  record Result(Map<Part, Long> bytes, long inUse, long reserved) {}

  /** Plans an evaluation batch, which comes first in a run, and then a training micro-batch. */
  static Result of(TrainConfig config, GptConfig gpt, int threads) {
    StepPlan plan = new StepPlan(config, gpt, threads);
    plan.training = false;
    plan.result(Part.WORKSPACE, 1, plan.losses());
    plan.scope.reset();
    plan.bytes.clear();
    plan.tape.clear();
    plan.training = true;
    Value loss = plan.gain(plan.losses());
    plan.backward(plan.result(Part.WORKSPACE, 1, loss)); // divided by the micro-batches
    return new Result(plan.bytes, plan.scope.inUse(), plan.scope.reserved());
  }

  // ---- the tape ---------------------------------------------------------------------------------

  private void take(Part part, long elements) {
    bytes.merge(part, scope.allocate(elements * BYTES), Long::sum);
  }

  /** A result that is on the tape. */
  private Value result(Part part, long elements, Value... inputs) {
    take(part, elements);
    return record(new Value(part, elements), 0, inputs);
  }

  private Value record(Value output, long scratch, Value... inputs) {
    tape.push(new Node(List.of(inputs), scratch));
    return output;
  }

  private void backward(Value output) {
    take(Part.WORKSPACE, 1); // the seed
    gradient(output);
    for (Node node : tape) { // the newest first
      node.inputs.forEach(this::gradient);
      if (node.scratch > 0) {
        take(Part.WORKSPACE, node.scratch);
      }
    }
  }

  private void gradient(Value value) {
    if (!value.hasGradient) {
      value.hasGradient = true;
      take(value.part, value.elements);
    }
  }

  // ---- the model --------------------------------------------------------------------------------

  private Value losses() { // (B, T)
    Value x = activation(gpt.channels()); // token embedding
    if (gpt.positions() == Positions.LEARNED) {
      x = activation(gpt.channels(), x);
    }
    x = dropout(x);
    for (int layer = 0; layer < gpt.layers(); layer++) {
      x = block(x);
      if (training && config.layerScaling().kind() == LayerScalingConfig.Kind.DIVERGENCE) {
        take(Part.WORKSPACE, x.elements); // x_out - x_in
        take(Part.WORKSPACE, 1); // its norm
        take(Part.WORKSPACE, 1); // the norm of x_in
      }
    }
    Value logits = result(Part.LOGITS, tokens * gpt.vocabulary(), norm(x));
    Value losses = result(Part.WORKSPACE, tokens, logits);
    take(Part.WORKSPACE, tokens); // log-sum-exp
    return losses;
  }

  private Value block(Value x) {
    Value attended = dropout(attention(norm(x)));
    Value mixed = activation(gpt.channels(), x, attended);
    Value fed = dropout(feedForward(norm(mixed)));
    return activation(gpt.channels(), mixed, fed);
  }

  private Value norm(Value x) {
    Value y = activation(gpt.channels(), x);
    take(Part.WORKSPACE, tokens); // scales
    if (gpt.norm() == NormKind.LAYER) {
      take(Part.WORKSPACE, tokens); // means
    }
    return y;
  }

  private Value attention(Value x) {
    Value packed = activation(gpt.qkvWidth(), x); // rotated in its place
    int length = gpt.sequenceLength();
    long scores = (long) threads * Math.min(QUERIES_PER_BLOCK, length) * length;
    long columns = (long) gpt.heads() * gpt.headSize();
    take(Part.ACTIVATIONS, tokens * columns);
    take(Part.WORKSPACE, tokens * gpt.heads()); // log-sum-exp
    take(Part.WORKSPACE, scores);
    Value mixed = record(new Value(Part.ACTIVATIONS, tokens * columns), 2 * scores, packed);
    return activation(gpt.channels(), mixed);
  }

  private Value feedForward(Value x) {
    boolean gated = gpt.activation() == Activation.SWIGLU;
    Value wide = activation(gated ? 2L * gpt.hidden() : gpt.hidden(), x);
    return activation(gpt.channels(), activation(gpt.hidden(), wide));
  }

  private Value dropout(Value x) {
    return training && gpt.dropout() > 0 ? result(Part.ACTIVATIONS, x.elements, x) : x;
  }

  private Value activation(long columns, Value... inputs) { // (B, T, columns)
    return result(Part.ACTIVATIONS, tokens * columns, inputs);
  }

  // ---- the losses -------------------------------------------------------------------------------

  private Value gain(Value losses) { // a scalar
    GainConfig gain = config.gain();
    if (gain.kind() == GainConfig.Kind.NONE) {
      Value mean = result(Part.WORKSPACE, 1, losses);
      takeTokens(2); // ones
      return mean;
    }
    takeNumbers(4); // mean, variance, floor, epsilon
    takeTokens(1); // l - m
    takeNumbers(1); // 1 / v
    takeTokens(3 + (gain.clamp().isEmpty() ? 0 : 1)); // times it, times s, plus 1, clamped
    if (gain.renormalise()) {
      takeNumbers(2); // their mean, and 1 / it
      takeTokens(1);
    }
    Value weighted = result(Part.WORKSPACE, tokens, losses);
    Value mean = result(Part.WORKSPACE, 1, weighted);
    takeNumbers(1); // the plain loss
    return mean;
  }

  private void takeTokens(int tensors) {
    for (int i = 0; i < tensors; i++) {
      take(Part.WORKSPACE, tokens);
    }
  }

  private void takeNumbers(int tensors) {
    for (int i = 0; i < tensors; i++) {
      take(Part.WORKSPACE, 1);
    }
  }
}
