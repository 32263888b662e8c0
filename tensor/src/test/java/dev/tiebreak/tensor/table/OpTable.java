package dev.tiebreak.tensor.table;

import static dev.tiebreak.tensor.table.OpCase.in;
import static dev.tiebreak.tensor.table.OpCase.op;

import dev.tiebreak.tensor.CrossEntropy;
import dev.tiebreak.tensor.Philox;
import dev.tiebreak.tensor.ResidualRmsNorm;
import dev.tiebreak.tensor.Rotation;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.Attention;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Every operation, one line each: a new one is added here and nowhere else. A name begins with the
 * operation's method in {@code TensorOps}, or is attention's. Most sizes are odd, so that vector
 * tails are met; the widest are divided over threads, and over blocks of a GPU.
 */
public final class OpTable {
  private static final int[] COLUMNS = {1, 3, 7, 33, 64, 257};

  private OpTable() {}

  /** All of it. */
  public static Stream<OpCase> cases() {
    return Stream.of(elementwise(), reductions(), products(), rows(), sequences(), views())
        .flatMap(part -> part);
  }

  private static Stream<OpCase> elementwise() {
    return Stream.of(
            columns(n -> op("add", x -> x[0].add(x[1]), rows(n), rows(n))),
            columns(n -> op("add, repeated", x -> x[0].add(x[1]), rows(n), in(n))),
            columns(n ->
                op(
                    "addInPlaceOf",
                    x -> twice(x[0].addInPlaceOf(x[1].scale(0.7))),
                    rows(n),
                    rows(n))),
            columns(
                n -> op("addInPlaceOf, itself", x -> x[0].addInPlaceOf(x[0].scale(2)), rows(n))),
            columns(n -> op("sub", x -> x[0].sub(x[1]), rows(n), rows(n))),
            columns(n -> op("sub, repeated", x -> x[0].sub(x[1]), rows(n), in(n))),
            columns(n -> op("mul", x -> x[0].mul(x[1]), rows(n), rows(n))),
            columns(n -> op("mul, repeated", x -> x[0].mul(x[1]), rows(n), in(n))),
            columns(n -> op("mul by itself", x -> x[0].mul(x[0]), rows(n))),
            columns(n -> op("add to itself", x -> x[0].add(x[0]), rows(n))),
            columns(n -> op("div", x -> x[0].div(x[1]), rows(n), in(n)).ofPositives()),
            columns(n -> op("gelu", x -> x[0].gelu(), rows(n))),
            columns(n -> op("geluErf", x -> x[0].geluErf(), rows(n))),
            columns(n -> op("silu", x -> x[0].silu(), rows(n))),
            columns(n -> op("dropout", x -> x[0].dropout(0.3, philox(), 5), rows(n))),
            Stream.of(
                op("add, repeated often", x -> x[0].add(x[1]), in(8300, 4), in(4)),
                op("add, scalar", x -> x[0].add(x[1]), in(3, 33), in()),
                op("mul, scalar", x -> x[0].mul(x[1]), in(3, 33), in()),
                op("add, two dimensions repeated", x -> x[0].add(x[1]), in(5, 3, 7), in(3, 7)),
                op("mul, two dimensions repeated", x -> x[0].mul(x[1]), in(5, 3, 7), in(3, 7)),
                op("scale", x -> x[0].scale(-1.7), in(67, 257)),
                op("shift", x -> x[0].shift(0.3).mul(x[0]), in(7, 33)),
                op("affine", x -> x[0].affine(-1.7, 0.3).mul(x[0]), in(7, 33)),
                op("exp", x -> x[0].exp(), in(67, 257)),
                op("log", x -> x[0].log(), in(7, 33)).ofPositives(),
                op("power", x -> x[0].power(-0.5), in(7, 33)).ofPositives(),
                op("clamp", x -> x[0].clamp(-0.5, 0.8), in(7, 33))))
        .flatMap(part -> part);
  }

  /** Something whose gradient has two contributions. */
  private static Tensor twice(Tensor x) {
    return x.mul(x).add(x);
  }

  private static Stream<OpCase> reductions() {
    return Stream.of(
            columns(n -> op("sum", x -> x[0].sum(), rows(n))),
            columns(n -> op("mean", x -> x[0].mean(), rows(n))),
            columns(n -> op("variance", x -> x[0].variance(), in(3, n))),
            columns(n -> op("norm", x -> x[0].norm(), in(3, n))),
            columns(n -> op("extremes", x -> x[0].sum().mul(extremes(x[0])), rows(n))),
            columns(n -> op("sumLast", x -> x[0].sumLast(), rows(n))),
            columns(n -> op("divergence", x -> x[0].sum().mul(divergence(x[0])), rows(n))),
            columns(n -> op("cosineDistance", x -> x[0].sum().mul(turned(x[0])), rows(n))))
        .flatMap(part -> part);
  }

  private static Stream<OpCase> products() {
    return Stream.of(
        op("linear, 1 by 1", x -> x[0].linear(x[1], x[2]), in(1, 1), in(1, 1), in(1)),
        op("linear", x -> x[0].linear(x[1], x[2]), in(7, 33), in(3, 33), in(3)),
        op("linear, wide", x -> x[0].linear(x[1], x[2]), in(3, 33), in(257, 33), in(257)),
        op("linear, divided", x -> x[0].linear(x[1], x[2]), in(67, 33), in(257, 33), in(257)),
        op("linear without bias", x -> x[0].linear(x[1], null), in(2, 3, 7), in(33, 7)),
        op("linear, tied", x -> x[0].linear(x[1], null).linear(x[1], null), in(5, 7), in(7, 7)),
        op("matmul", x -> x[0].matmul(x[1]), in(3, 33), in(33, 7)),
        op("matmul, batched", x -> x[0].matmul(x[1]), in(2, 3, 7, 33), in(2, 3, 33, 5)),
        op("matmul, squared", x -> x[0].matmul(x[0]), in(3, 7, 7)),
        op("matmul, vectors", x -> x[0].matmul(x[1]), in(4, 1, 257), in(4, 257, 1)));
  }

  private static Stream<OpCase> rows() {
    return Stream.of(
            columns(n -> op("softmax", x -> x[0].softmax(), rows(n))),
            columns(n -> op("crossEntropy", x -> x[0].crossEntropy(targets(x[0])), rows(n))),
            columns(n ->
                op(
                    "crossEntropyInPlace",
                    x -> x[0].scale(2).crossEntropyInPlace(targets(x[0])),
                    rows(n))),
            columns(n -> op("predictions", x -> predictions(x[0]).mul(x[0].sum()), rows(n))),
            columns(n -> op("entropy", x -> x[0].entropy(), rows(n))),
            columns(n -> op("surprisalVariance", x -> x[0].sumLast().mul(spread(x[0])), rows(n))),
            columns(
                n -> op("uniformCrossEntropy", x -> x[0].scale(4).uniformCrossEntropy(), rows(n))),
            columns(n ->
                op("entropy after crossEntropyInPlace", x -> flattened(x[0].scale(3)), rows(n))),
            columns(
                n -> op("layerNorm", x -> x[0].layerNorm(x[1], x[2], 0.1), rows(n), in(n), in(n))),
            columns(n ->
                op("layerNorm, no bias", x -> x[0].layerNorm(x[1], null, 0.1), rows(n), in(n))),
            columns(n -> op("rmsNorm", x -> x[0].rmsNorm(x[1], 0.1), rows(n), in(n))),
            columns(n -> op("residualRmsNorm", x -> residual(x).normed(), rows(n), rows(n), in(n))),
            columns(n ->
                op(
                    "residualRmsNorm, the sum",
                    x -> residual(x).sum().mul(x[2]),
                    rows(n),
                    rows(n),
                    in(n))),
            columns(n -> op("residualRmsNorm, both", x -> both(x), rows(n), rows(n), in(n))),
            columns(n -> op("residualRmsNorm, moved", x -> x[0].sum().mul(moved(x[0])), rows(n))),
            columns(n -> op("swiGlu", x -> x[0].swiGlu(), rows(2 * n))),
            Stream.of(op("swiGlu, long rows", x -> x[0].swiGlu(), in(3, 2 * 2312))),
            columns(n -> op("embedding", x -> x[0].embedding(tokens(x[0], 5, 67)), in(5, n))))
        .flatMap(part -> part);
  }

  private static Stream<OpCase> sequences() {
    return Stream.of(
            Stream.of(
                op("rope", x -> rope(x[0], 3, 6, 0), in(2, 7, 4 * 6)),
                op("rope, every head", x -> rope(x[0], 2, 66, 0), in(2, 67, 2 * 66)),
                op("ropeInPlace", x -> ropeInPlace(x[0], 3, 6), in(2, 7, 4 * 6)),
                op("ropeInPlace, wide", x -> ropeInPlace(x[0], 2, 66), in(2, 7, 3 * 66)),
                op("rope, later position", x -> rope(x[0], 3, 2, 33), in(1, 3, 4 * 2)),
                op("crossEntropy, half of it masked", x -> maskedLoss(x[0]), in(3, 257)),
                op("crossEntropy, a sequence", x -> sequenceLoss(x[0]), in(2, 7, 33))),
            lengths(t -> op("attention, MHA", x -> Attention.causal(x[0], 2, 2), in(2, t, 6 * 3))),
            lengths(t -> op("attention, GQA", x -> Attention.causal(x[0], 4, 2), in(1, t, 8 * 5))),
            lengths(t -> op("attention, MQA", x -> Attention.causal(x[0], 3, 1), in(2, t, 5 * 2))),
            Stream.of(
                op("attention, wide heads", x -> Attention.causal(x[0], 2, 1), in(2, 7, 4 * 33)),
                op("attention, heads of 64", x -> Attention.causal(x[0], 2, 1), in(1, 65, 4 * 64)),
                op(
                    "attention, heads of 128",
                    x -> Attention.causal(x[0], 1, 1),
                    in(2, 66, 3 * 128)),
                op(
                    "attention, heads of 136",
                    x -> Attention.causal(x[0], 1, 1),
                    in(1, 35, 3 * 136))))
        .flatMap(part -> part);
  }

  private static Stream<OpCase> views() {
    return Stream.of(
        op("contiguous", x -> x[0].transpose(0, 1).contiguous(), in(7, 33)),
        op("contiguous, row-major already", x -> x[0].contiguous().mul(x[0]), in(7, 3)),
        op("reshape", x -> x[0].reshape(-1, 7).mul(x[1]), in(3, 2, 7), in(7)),
        op("reshape of a transpose", x -> x[0].transpose(0, 2).reshape(21).exp(), in(1, 3, 7)),
        op("slice of rows", x -> x[0].slice(0, 2, 3).exp(), in(7, 33)),
        op("slice of columns", x -> x[0].slice(1, 3, 5).exp(), in(7, 33)),
        op("slices that overlap", x -> x[0].slice(1, 0, 5).mul(x[0].slice(1, 2, 5)), in(3, 7)),
        op("slice and whole", x -> x[0].mul(x[0]).sum().add(x[0].slice(0, 1, 1).sum()), in(3, 7)),
        op("slice of a slice", x -> x[0].slice(0, 1, 5).slice(1, 2, 4).exp(), in(7, 33)),
        op("slice of a result", x -> x[0].exp().slice(1, 1, 2).exp(), in(3, 7)),
        op("rows of columns", x -> x[0].slice(1, 2, 4).slice(0, 1, 2).exp(), in(7, 33)),
        op("transpose of a slice", x -> x[0].slice(1, 1, 3).transpose(0, 1).exp(), in(7, 33)),
        op("slice of a transpose", x -> x[0].transpose(0, 1).slice(0, 1, 3).exp(), in(7, 33)),
        op("transpose twice", x -> x[0].transpose(0, 1).transpose(1, 0).exp(), in(7, 3)),
        op("transpose of three", x -> x[0].transpose(0, -1).gelu(), in(3, 5, 7)),
        op("view of a view of a view", x -> nested(x[0]), in(4, 6, 5)),
        op(
            "linear with a weight's rows",
            x -> rowsOfWeight(x[0], x[1], x[2]),
            in(3, 7),
            in(9, 7),
            in(9)),
        op(
            "linear with a transpose",
            x -> x[0].linear(x[1].transpose(0, 1), null),
            in(3, 7),
            in(7, 5)),
        op("embedding of a table's rows", x -> partOfTable(x[0]), in(9, 33)),
        op(
            "split and attend",
            x -> Attention.causal(x[0].reshape(2, 3, 12), 2, 2).mul(x[1]),
            in(6, 12),
            in(4)));
  }

  private static Stream<OpCase> columns(IntFunction<OpCase> line) {
    return expanded(COLUMNS, line);
  }

  /** Lengths around the borders of attention's blocks of queries. */
  private static Stream<OpCase> lengths(IntFunction<OpCase> line) {
    return expanded(new int[] {1, 2, 63, 64, 65, 130}, line);
  }

  private static Stream<OpCase> expanded(int[] sizes, IntFunction<OpCase> line) {
    return IntStream.of(sizes).mapToObj(n -> line.apply(n).named(" " + n));
  }

  private static Shape rows(int columns) {
    return in(columns >= 257 ? 67 : 3, columns);
  }

  private static Philox philox() {
    return new Philox(1, Philox.DROPOUT);
  }

  /** Token ids below a bound, with repeats; in the step's scope. */
  public static Tensor tokens(Tensor any, int bound, int... dims) {
    int size = (int) Shape.of(dims).size();
    int[] ids = new Random(size).ints(size, 0, bound).toArray();
    return any.backend().tape().scope().of(ids, dims);
  }

  /** Of two constants, because it has no gradient. */
  private static Tensor divergence(Tensor any) {
    return noise(any, 1).divergence(noise(any, 2));
  }

  /** The same of the smallest and the largest number. */
  private static Tensor extremes(Tensor any) {
    Tensor extremes = noise(any, 1).extremes();
    return extremes.slice(0, 1, 1).sub(extremes.slice(0, 0, 1).scale(2)).reshape();
  }

  /** The same of the cosine. */
  private static Tensor turned(Tensor any) {
    return noise(any, 1).cosineDistance(noise(any, 2));
  }

  /** Of a constant, because they have no gradient. */
  private static Tensor predictions(Tensor any) {
    return noise(any, 1).predictions(tokens(any, any.dim(-1), any.dim(0)), 0.7);
  }

  /** Of a constant, because it has no gradient. */
  private static Tensor spread(Tensor any) {
    return noise(any, 1).surprisalVariance();
  }

  /** What reads the logits after their cross-entropy runs backwards before it writes over them. */
  private static Tensor flattened(Tensor logits) {
    Tensor losses = logits.crossEntropyInPlace(targets(logits));
    return losses.add(logits.entropy().scale(-0.4)).add(logits.uniformCrossEntropy().scale(0.3));
  }

  private static Tensor noise(Tensor any, long seed) {
    var random = new Random(seed);
    Tensor noise = any.like();
    for (long i = 0; i < noise.size(); i++) {
      noise.set(i, (float) random.nextGaussian());
    }
    return noise;
  }

  private static ResidualRmsNorm.Result residual(Tensor[] x) {
    return x[0].residualRmsNorm(x[1], x[2], 0.5, null);
  }

  /** The divergence that comes with it, of constants. */
  private static Tensor moved(Tensor any) {
    Tensor weight = noise(any.result(in(any.dim(-1))), 3);
    return noise(any, 1).residualRmsNorm(noise(any, 2), weight, 0.5, noise(any, 4)).divergence();
  }

  /** Uses both results. */
  private static Tensor both(Tensor[] x) {
    ResidualRmsNorm.Result result = residual(x);
    return result.sum().silu().add(result.normed());
  }

  /** One target for each row of logits, the second of them ignored. */
  private static Tensor targets(Tensor logits) {
    Tensor targets = tokens(logits, logits.dim(-1), logits.dim(0));
    targets.set(1, CrossEntropy.IGNORE);
    return targets;
  }

  private static Tensor sequenceLoss(Tensor logits) {
    Tensor targets = tokens(logits, 33, 2, 7);
    targets.set(0, CrossEntropy.IGNORE);
    targets.set(13, CrossEntropy.IGNORE);
    return logits.crossEntropy(targets);
  }

  /** Every target is the last token, and the first half of the tokens is impossible. */
  private static Tensor maskedLoss(Tensor logits) {
    int n = logits.dim(-1);
    Tensor mask = logits.result(in(n));
    for (int j = 0; j < n; j++) {
      mask.set(j, j < n / 2 ? Double.NEGATIVE_INFINITY : 0);
    }
    return logits.add(mask).crossEntropy(constant(logits, n - 1, logits.dim(0)));
  }

  private static Tensor constant(Tensor any, int token, int count) {
    int[] ids = new int[count];
    Arrays.fill(ids, token);
    return any.backend().tape().scope().of(ids, count);
  }

  private static Tensor rope(Tensor x, int heads, int headSize, int position) {
    return x.rope(rotation(x, headSize, position + x.dim(1)), heads, position);
  }

  /** A result of which nothing else knows is turned in its place. */
  private static Tensor ropeInPlace(Tensor x, int heads, int headSize) {
    return x.scale(0.7).ropeInPlace(rotation(x, headSize, x.dim(1)), heads, 0);
  }

  private static Rotation rotation(Tensor x, int headSize, int positions) {
    return Rotation.of(x.backend().tape().scope(), x.dtype(), positions, headSize, 10_000);
  }

  private static Tensor nested(Tensor x) {
    return x.slice(0, 1, 2).transpose(1, 2).slice(2, 1, 4).slice(1, 0, 3).reshape(3, -1).exp();
  }

  private static Tensor rowsOfWeight(Tensor x, Tensor weight, Tensor bias) {
    return x.linear(weight.slice(0, 2, 5), bias.slice(0, 2, 5));
  }

  private static Tensor partOfTable(Tensor table) {
    return table.slice(0, 2, 4).embedding(tokens(table, 4, 3, 5));
  }
}
