package dev.tiebreak.trainer.lab.estimate;

import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.nn.GptConfig.Activation;
import dev.tiebreak.nn.GptConfig.NormKind;
import dev.tiebreak.nn.GptConfig.Positions;
import dev.tiebreak.tensor.Bump;
import dev.tiebreak.tensor.op.Predictions;
import dev.tiebreak.trainer.lab.config.EvaluationConfig;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.examine.Examiner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The memory of one micro-batch. Walks forward through the model and the losses, then backward over
 * a tape, in the order of the real ones, and takes every tensor from a planned scope: each result
 * and its gradient live until their backward has run, small ones until the tape closes.
 */
final class StepPlan {
  /** What the memory is for. */
  enum Part {
    /** Results of operations inside the model, and their gradients. */
    ACTIVATIONS,
    /** Logits (B, T, V), whose gradient takes their place. */
    LOGITS,
    /** What an operation needs only while it runs, and one number per token here and there. */
    WORKSPACE
  }

  private static final int QUERIES_PER_BLOCK = 32; // of the attention on a CPU
  private static final int KEYS_PER_BLOCK = 1024; // likewise
  private static final int ROWS_PER_SLICE = 64; // at least, of sums over rows on a CPU
  private static final int MOST_SLICES = 16; // likewise
  private static final int PRODUCTS = 3; // of a gradient and a copy, for their cosine
  private static final long SMALLEST_GIVEN_BACK = 64 << 10; // bytes, as in Tensor

  /** A tensor that a gradient may flow into; weights have theirs elsewhere. */
  static final class Value {
    private final Part part;
    private final long elements;
    private final long bytes;
    private boolean gradientInPlace;
    private Bump.Piece<Object> memory;
    private Bump.Piece<Object> gradient;

    Value(Part part, long elements, long bytes) {
      this.part = part;
      this.elements = elements;
      this.bytes = bytes;
    }
  }

  /** An operation on the tape: its backward takes gradients of its inputs, then scratch memory. */
  private record Node(Value output, List<Value> inputs, Runnable takeScratch) {}

  private static final Runnable NO_SCRATCH = () -> {};

  private final GptConfig gpt;
  private final TrainConfig config;
  private final Footing footing;
  private final Bump<Object> scope;
  private final Map<Part, Long> bytes = new EnumMap<>(Part.class); // in use now
  private Map<Part, Long> most = Map.of(); // when most was in use
  private final Deque<Node> tape = new ArrayDeque<>();
  private final long tokens; // B T
  private boolean training;

  private StepPlan(TrainConfig config, GptConfig gpt, Footing footing, Bump<Object> scope) {
    this.config = config;
    this.gpt = gpt;
    this.footing = footing;
    this.scope = scope;
    this.tokens = (long) config.training().batch() * gpt.sequenceLength();
  }

  /**
   * What a micro-batch takes.
   *
   * @param bytes by part, at the moment when most is in use
   * @param peak all of them, with what rounding adds
   * @param reserved bytes that the step scope takes for them
   */
  record Result(Map<Part, Long> bytes, long peak, long reserved) {}

  /** Plans an evaluation batch, one that is examined, and then a training micro-batch. */
  static Result of(TrainConfig config, GptConfig gpt, Footing footing) {
    StepPlan plan = new StepPlan(config, gpt, footing, footing.newScope());
    plan.training = false;
    plan.result(Part.WORKSPACE, 1, footing.wideBytes(), plan.losses());
    plan.reset();
    if (config.evaluation().examine() != EvaluationConfig.Examine.NEVER) {
      plan.examination();
      plan.reset();
    }
    if (config.gain().hasReference()) {
      plan.reference(ReferencePlan.of(config, gpt, footing));
      plan.reset();
    }
    plan.training = true;
    Value logits = plan.logits();
    Value losses = plan.losses(logits);
    Value loss = new GainPlan(plan, config.gain()).loss(logits, losses);
    plan.takeNumbers(4); // two losses' shares, added to what the step has so far
    plan.backward(plan.number(loss)); // divided by the micro-batches
    if (config.logging().gradientCosineEvery() > 0) {
      plan.compareGradients();
    }
    return new Result(plan.most, plan.scope.peakBytes(), plan.scope.reservedBytes());
  }

  /** Each weight's gradient times itself and times a copy, after the micro-batches. */
  private void compareGradients() {
    scope.reset();
    bytes.replaceAll((_, _) -> 0L);
    for (ModelTensors.Weight weight : ModelTensors.of(gpt)) {
      for (int i = 0; i < PRODUCTS; i++) {
        takeForAMoment(1, weight.elements() * footing.wideBytes());
        takeNumbers(1);
      }
    }
  }

  private void reset() {
    scope.reset();
    bytes.clear();
    tape.clear();
  }

  /** The forward pass of a reference model, in the same scope. */
  private void reference(ReferencePlan reference) {
    GptConfig shape = reference.gpt().withSequenceLength(gpt.sequenceLength());
    StepPlan other = new StepPlan(config, shape, reference.footing(), scope);
    other.most = most;
    other.losses();
    most = other.most;
  }

  // ---- the tape ---------------------------------------------------------------------------------

  private Bump.Piece<Object> take(Part part, long size) {
    long before = scope.peakBytes();
    Bump.Piece<Object> piece = scope.take(size);
    bytes.merge(part, size, Long::sum);
    if (scope.peakBytes() > before) {
      most = new EnumMap<>(bytes);
    }
    return piece;
  }

  private void giveBack(Value value, Bump.Piece<Object> piece) {
    if (piece != null && value.bytes >= SMALLEST_GIVEN_BACK) {
      scope.giveBack(piece);
      bytes.merge(value.part, -value.bytes, Long::sum);
    }
  }

  /** Sums, statistics, one number per token. */
  private void takeWide(long elements) {
    take(Part.WORKSPACE, elements * footing.wideBytes());
  }

  /** Takes so many tensors at once and gives them back, as far as they are not small. */
  private void takeForAMoment(int tensors, long size) {
    Deque<Bump.Piece<Object>> pieces = new ArrayDeque<>();
    for (int i = 0; i < tensors; i++) {
      pieces.add(take(Part.WORKSPACE, size));
    }
    if (size >= SMALLEST_GIVEN_BACK) {
      pieces.forEach(scope::giveBack);
      bytes.merge(Part.WORKSPACE, -size * tensors, Long::sum);
    }
  }

  /** What so many sums over rows take at once on a CPU: a row for each slice. */
  private void takeRowSums(int sums, long rows, long columns) {
    if (!footing.gpu()) {
      long slices = Math.clamp(rows / ROWS_PER_SLICE, 1, MOST_SLICES);
      takeForAMoment(sums, slices * columns * footing.bytes());
    }
  }

  /** A tensor that is not on the tape yet. */
  private Value value(Part part, long elements, int elementBytes) {
    Value value = new Value(part, elements, elements * elementBytes);
    value.memory = take(part, value.bytes);
    return value;
  }

  /** A result that is on the tape. */
  private Value result(Part part, long elements, int elementBytes, Value... inputs) {
    return record(value(part, elements, elementBytes), NO_SCRATCH, inputs);
  }

  /** A scalar that is on the tape. */
  Value number(Value... inputs) {
    return result(Part.WORKSPACE, 1, footing.wideBytes(), inputs);
  }

  private Value record(Value output, Runnable takeScratch, Value... inputs) {
    tape.push(new Node(output, List.of(inputs), takeScratch));
    return output;
  }

  private void backward(Value output) {
    takeWide(1); // the seed
    gradient(output);
    for (Node node : tape) { // the newest first
      node.inputs.forEach(this::gradient);
      node.takeScratch.run();
      if (node.output != output) {
        giveBack(node.output, node.output.gradient);
        giveBack(node.output, node.output.memory);
      }
    }
  }

  private void gradient(Value value) {
    if (value.gradient == null && !value.gradientInPlace) {
      value.gradient = take(value.part, value.bytes);
    }
  }

  // ---- the model --------------------------------------------------------------------------------

  private Value losses() { // (B, T)
    return losses(logits());
  }

  private Value losses(Value logits) { // (B, T)
    Value losses = tokens(logits);
    takeTokens(1); // log-sum-exp
    return losses;
  }

  private Value logits() { // (B, T, V)
    Value x = activation(gpt.channels()); // token embedding
    if (gpt.positions() == Positions.LEARNED) {
      long table = (long) gpt.sequenceLength() * gpt.channels();
      x =
          record(
              value(Part.ACTIVATIONS, x.elements, footing.bytes()),
              () -> takeRowSums(1, tokens / gpt.sequenceLength(), table),
              x);
    }
    x = dropout(x);
    Point point = new Point(x, norm(x));
    for (int layer = 0; layer < gpt.layers(); layer++) {
      point = block(point);
      if (training) {
        measure();
      }
    }
    Value logits = result(Part.LOGITS, tokens * gpt.vocabulary(), footing.bytes(), point.normed);
    // unless an objective wants a gradient of them before their cross-entropy does
    logits.gradientInPlace = !training || !config.gain().kind().differentiatesLogits();
    return logits;
  }

  /** What the layer scaling measures of a block. */
  private void measure() {
    switch (config.layerScaling().kind()) {
      case NONE, GRADIENT_NORM -> {} // nothing, or not here
      case DIVERGENCE -> takeNumbers(2); // the divergence, its sum over micro-batches
      case BLOCK_INFLUENCE -> {
        takeForAMoment(1, tokens * footing.wideBytes()); // each token's distance
        takeNumbers(2); // their mean, its sum over micro-batches
      }
    }
  }

  /** A place in the residual stream, and what the norm behind it makes of it. */
  private record Point(Value x, Value normed) {}

  private Point block(Point in) {
    Point middle = afterAdding(in.x, dropout(attention(in.normed)));
    return afterAdding(middle.x, dropout(feedForward(middle.normed)));
  }

  private Point afterAdding(Value x, Value branch) {
    if (gpt.norm() == NormKind.LAYER) { // the sum takes the branch's place
      record(new Value(Part.ACTIVATIONS, 0, 0), NO_SCRATCH, x, branch);
      return new Point(branch, norm(branch));
    }
    Value sum = activation(gpt.channels(), x, branch);
    return new Point(sum, norm(sum));
  }

  private Value norm(Value x) {
    boolean biased = gpt.norm() == NormKind.LAYER && gpt.bias();
    Value y =
        record(
            value(Part.ACTIVATIONS, tokens * gpt.channels(), footing.bytes()),
            () -> takeRowSums(biased ? 2 : 1, tokens, gpt.channels()),
            x);
    takeWide(tokens); // scales
    if (gpt.norm() == NormKind.LAYER) {
      takeWide(tokens); // means
    }
    return y;
  }

  private Value attention(Value x) {
    Value packed = linear(gpt.qkvWidth(), x); // rotated in its place
    long columns = (long) gpt.heads() * gpt.headSize();
    Value mixed = value(Part.ACTIVATIONS, tokens * columns, footing.bytes());
    takeWide(tokens * gpt.heads()); // log-sum-exp
    if (footing.gpu()) {
      record(mixed, () -> takeWide(tokens * gpt.heads()), packed); // rowsum(dO O)
    } else {
      int length = gpt.sequenceLength();
      long queries = (long) footing.threads() * Math.min(QUERIES_PER_BLOCK, length);
      long scores = queries * Math.min(KEYS_PER_BLOCK, length);
      // and a running maximum and sum for each
      takeForAMoment(1, (scores + 2 * queries) * footing.wideBytes());
      record(mixed, () -> takeForAMoment(1, 2 * scores * footing.wideBytes()), packed);
    }
    return linear(gpt.channels(), mixed);
  }

  private Value feedForward(Value x) {
    boolean gated = gpt.activation() == Activation.SWIGLU;
    Value wide = linear(gated ? 2L * gpt.hidden() : gpt.hidden(), x);
    return linear(gpt.channels(), activation(gpt.hidden(), wide));
  }

  private Value dropout(Value x) {
    return training && gpt.dropout() > 0
        ? result(Part.ACTIVATIONS, x.elements, footing.bytes(), x)
        : x;
  }

  private Value linear(long columns, Value x) { // (B, T, columns)
    Value y = value(Part.ACTIVATIONS, tokens * columns, footing.bytes());
    return record(y, gpt.bias() ? () -> takeRowSums(1, tokens, columns) : NO_SCRATCH, x);
  }

  private Value activation(long columns, Value... inputs) { // (B, T, columns)
    return result(Part.ACTIVATIONS, tokens * columns, footing.bytes(), inputs);
  }

  // ---- for the losses ---------------------------------------------------------------------------

  /** Three numbers per token at each temperature. */
  private void examination() {
    logits();
    for (int i = 0; i < Examiner.TEMPERATURES; i++) {
      takeForAMoment(1, (long) Predictions.NUMBERS * tokens * footing.wideBytes());
    }
  }

  /** B T. */
  long tokens() {
    return tokens;
  }

  /** Results of one number per token that are not on the tape. */
  void takeTokens(int tensors) {
    for (int i = 0; i < tensors; i++) {
      takeWide(tokens);
    }
  }

  /** The same on the tape. */
  Value tokens(Value... inputs) {
    return result(Part.WORKSPACE, tokens, footing.wideBytes(), inputs);
  }

  /** The same for x times a scalar that a gradient flows into, too: the sum of dy x. */
  Value product(Value x) {
    Value y = value(Part.WORKSPACE, tokens, footing.wideBytes());
    return record(y, () -> takeForAMoment(1, y.bytes), x);
  }

  /** Scalars that are not on the tape. */
  void takeNumbers(int tensors) {
    for (int i = 0; i < tensors; i++) {
      takeWide(1);
    }
  }

  /** Token ids, or other whole numbers, one per token. */
  void takeIds() {
    take(Part.WORKSPACE, tokens * Integer.BYTES);
  }
}
