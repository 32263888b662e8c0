package dev.tiebreak.tensor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tiebreak.tensor.attention.Attention;
import dev.tiebreak.tensor.attention.KvCache;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What does not fit is refused, by a message with the operation and the shapes. */
class ErrorMessagesTest {
  private static final CpuBackend CPU = CpuBackend.withoutBlas(1);

  @AfterAll
  static void close() {
    CPU.close();
  }

  private static Arguments wrong(Function<Scope, Tensor> expression, String message) {
    return arguments(message, expression);
  }

  static Stream<Arguments> elementwise() {
    return Stream.of(
        wrong(
            s -> f32(s, 2, 3).add(f32(s, 2)),
            "add: [2] does not equal the trailing dimensions of [2, 3]"),
        wrong(
            s -> f32(s, 3).add(f32(s, 2, 3)),
            "add: [2, 3] does not equal the trailing dimensions of [3]"),
        wrong(
            s -> f32(s, 2, 3).sub(f32(s, 2)),
            "sub: [2] does not equal the trailing dimensions of [2, 3]"),
        wrong(
            s -> f32(s, 2, 3).mul(f32(s, 2)),
            "mul: [2] does not equal the trailing dimensions of [2, 3]"),
        wrong(
            s -> f32(s, 2, 3).div(f32(s, 2)),
            "mul: [2] does not equal the trailing dimensions of [2, 3]"),
        wrong(s -> f32(s, 3).add(f64(s, 3)), "add: types differ, F32 and F64"),
        wrong(s -> f32(s, 3).mul(f64(s, 3)), "mul: types differ, F32 and F64"),
        wrong(s -> f32(s, 3).clamp(2, 1), "clamp: low 2.0 is above high 1.0"),
        wrong(s -> dropout(s, 1), "dropout: probability must be in [0, 1), got 1.0"),
        wrong(s -> dropout(s, -0.1), "dropout: probability must be in [0, 1), got -0.1"),
        wrong(s -> dropout(s, Double.NaN), "dropout: probability must be in [0, 1), got NaN"),
        wrong(s -> f32(s, 2, 3).swiGlu(), "swiglu: columns must be even, shape is [2, 3]"));
  }

  static Stream<Arguments> productsAndRows() {
    return Stream.of(
        wrong(
            s -> f32(s, 2, 3).linear(f32(s, 5, 4), null),
            "linear: weight [5, 4] does not fit input [2, 3], it must be (out, 3)"),
        wrong(
            s -> f32(s, 2, 3).linear(f32(s, 3), null),
            "linear: weight [3] does not fit input [2, 3], it must be (out, 3)"),
        wrong(
            s -> f32(s, 2, 3).linear(f32(s, 5, 3), f32(s, 3)),
            "linear: bias has shape [3], it must be [5]"),
        wrong(
            s -> f32(s, 2, 3).linear(f32(s, 5, 3), f32(s, 2, 5)),
            "linear: bias has shape [2, 5], it must be [5]"),
        wrong(s -> f32(s, 2, 3).linear(f64(s, 5, 3), null), "linear: types differ, F32 and F64"),
        wrong(
            s -> f32(s, 2, 3).linear(f32(s, 5, 3), f64(s, 5)), "linear: types differ, F32 and F64"),
        wrong(
            s -> f32(s, 2, 3).matmul(f32(s, 2, 3)),
            "matmul: [2, 3] times [2, 3] needs (..., M, K) and (..., K, N)"),
        wrong(
            s -> f32(s, 4, 2, 3).matmul(f32(s, 5, 3, 2)),
            "matmul: [4, 2, 3] times [5, 3, 2] needs (..., M, K) and (..., K, N)"),
        wrong(
            s -> f32(s, 3).matmul(f32(s, 3)),
            "matmul: [3] times [3] needs (..., M, K) and (..., K, N)"),
        wrong(s -> f32(s, 2, 3).matmul(f64(s, 3, 2)), "matmul: types differ, F32 and F64"),
        wrong(
            s -> f32(s, 2, 3).layerNorm(f32(s, 2), null, 1e-5),
            "layer norm: weight has shape [2], it must be [3]"),
        wrong(
            s -> f32(s, 2, 3).layerNorm(f32(s, 2, 3), null, 1e-5),
            "layer norm: weight has shape [2, 3], it must be [3]"),
        wrong(
            s -> f32(s, 2, 3).layerNorm(f32(s, 3), f32(s, 4), 1e-5),
            "layer norm: bias has shape [4], it must be [3]"),
        wrong(
            s -> f32(s, 2, 3).layerNorm(f32(s, 3), f64(s, 3), 1e-5),
            "layer norm: types differ, F32 and F64"),
        wrong(
            s -> f32(s, 2, 3).rmsNorm(f32(s), 1e-5),
            "rms norm: weight has shape [], it must be [3]"),
        wrong(s -> f32(s, 2, 3).rmsNorm(f64(s, 3), 1e-5), "rms norm: types differ, F32 and F64"),
        wrong(
            s -> f32(s, 2, 3).residualRmsNorm(f32(s, 3), f32(s, 3), 1e-5, null).sum(),
            "residual rms norm: shapes differ, [2, 3] and [3]"),
        wrong(
            s -> f32(s, 2, 3).residualRmsNorm(f32(s, 2, 3), f32(s, 3), 1e-5, f32(s, 3)).sum(),
            "residual rms norm: shapes differ, [2, 3] and [3]"),
        wrong(
            s -> f32(s, 2, 3).divergence(f32(s, 3, 2)),
            "divergence: shapes differ, [2, 3] and [3, 2]"),
        wrong(
            s -> f32(s, 2, 3).cosineDistance(f32(s, 3, 2)),
            "cosine distance: shapes differ, [2, 3] and [3, 2]"));
  }

  static Stream<Arguments> tokens() {
    return Stream.of(
        wrong(s -> f32(s, 5, 3).embedding(f32(s, 2)), "embedding: token ids must be I32, got F32"),
        wrong(s -> f32(s, 5).embedding(i32(s, 0)), "embedding: needs a (V, C) table, got [5]"),
        wrong(
            s -> f32(s, 5, 3).embedding(i32(s, 4, 5)),
            "embedding: token 5 at position 1 is outside the vocabulary of 5"),
        wrong(
            s -> f32(s, 5, 3).embedding(i32(s, -1)),
            "embedding: token -1 at position 0 is outside the vocabulary of 5"),
        wrong(
            s -> f32(s, 2, 5).crossEntropy(f32(s, 2)),
            "cross-entropy: token ids must be I32, got F32"),
        wrong(
            s -> f32(s, 2, 5).crossEntropy(i32(s, 1, 2, 3)),
            "cross-entropy: logits [2, 5] do not fit targets [3]"),
        wrong(
            s -> f32(s, 2, 5).crossEntropy(i32(s, 1, 5)),
            "cross-entropy: target 5 at position 1 is outside the vocabulary of 5"),
        wrong(
            s -> f32(s, 2, 5).crossEntropy(i32(s, -99, 1)),
            "cross-entropy: target -99 at position 0 is outside the vocabulary of 5"),
        wrong(
            s -> f32(s, 2, 5).predictions(i32(s, 1, 2, 3), 1),
            "predictions: logits [2, 5] do not fit targets [3]"),
        wrong(
            s -> f32(s, 2, 5).predictions(i32(s, 1, -100), 1),
            "predictions: target -100 at position 1 is outside the vocabulary of 5"),
        wrong(
            s -> f32(s, 2, 5).predictions(i32(s, 1, 2), 0),
            "predictions: the temperature is 0.0, it must be above 0"));
  }

  static Stream<Arguments> sequences() {
    return Stream.of(
        wrong(
            s -> f32(s, 1).rope(Rotation.of(s, DType.F32, 8, 5, 100), 1, 0),
            "rope: head size must be even, got 5"),
        wrong(s -> rope(s, 5, 0), "rope: [2, 3, 16] has fewer than 5 heads of 4"),
        wrong(s -> rope(s, 2, 6), "rope: positions 6 to 8 are outside the table of 8"),
        wrong(s -> rope(s, 2, -1), "rope: positions -1 to 1 are outside the table of 8"),
        wrong(
            s -> f32(s, 1).rope(new Rotation(f32(s, 8, 2), f32(s, 8, 3)), 1, 0),
            "rope: tables of cosines and sines: shapes differ, [8, 2] and [8, 3]"),
        wrong(
            s -> f32(s, 1).rope(new Rotation(f32(s, 8), f32(s, 8)), 1, 0),
            "rope: tables must be (positions, D/2), got [8]"),
        wrong(
            s -> f32(s, 2, 3, 16).rope(new Rotation(f64(s, 8, 2), f64(s, 8, 2)), 2, 0),
            "rope: tables for F32 must be F32, got F64"),
        wrong(
            s -> Attention.causal(f32(s, 3, 16), 2, 2),
            "attention: needs (B, T, (H + 2 KV) D), got [3, 16]"),
        wrong(
            s -> Attention.causal(f32(s, 1, 3, 16), 3, 2),
            "attention: 3 heads do not divide by 2 kv heads"),
        wrong(
            s -> Attention.causal(f32(s, 1, 3, 16), 3, 1),
            "attention: 16 columns do not divide by 3 + 2 * 1 heads"),
        wrong(
            s -> Attention.cached(f32(s, 1, 5, 12), 1, 1, new KvCache(s, DType.F32, 1, 4, 1, 4)),
            "the cache has room for 4 positions, 0 are held, 5 more do not fit"),
        wrong(
            s -> Attention.cached(f32(s, 2, 1, 12), 1, 1, new KvCache(s, DType.F32, 1, 4, 1, 4)),
            "the cache holds 1 sequences with 4 columns of keys in F32, got 2 with 4 in F32"),
        wrong(
            s -> Attention.cached(f32(s, 1, 1, 16), 2, 1, new KvCache(s, DType.F32, 1, 4, 2, 4)),
            "the cache holds 1 sequences with 8 columns of keys in F32, got 1 with 4 in F32"),
        wrong(
            s -> Attention.cached(f64(s, 1, 1, 12), 1, 1, new KvCache(s, DType.F32, 1, 4, 1, 4)),
            "the cache holds 1 sequences with 4 columns of keys in F32, got 1 with 4 in F64"));
  }

  static Stream<Arguments> views() {
    return Stream.of(
        wrong(s -> f32(s, 2, 3).reshape(4, 2), "cannot reshape [2, 3] to [4, 2]"),
        wrong(s -> f32(s, 2, 3).reshape(-1, 4), "cannot reshape [2, 3] to [-1, 4]"),
        wrong(s -> f32(s, 2, 3).reshape(-1, 0), "cannot reshape [2, 3] to [-1, 0]"),
        wrong(s -> f32(s, 2, 3).reshape(-2, -3), "every extent must be >= 1: [-2, -3]"),
        wrong(s -> f32(s, 2, 3).reshape(-1, -1), "only one extent may be -1: [-1, -1]"),
        wrong(s -> f32(s, 2, 3).slice(1, 2, 2), "slice [2, 4) is outside dimension 1 of [2, 3]"),
        wrong(s -> f32(s, 2, 3).slice(0, -1, 1), "slice [-1, 0) is outside dimension 0 of [2, 3]"),
        wrong(s -> f32(s, 2, 3).slice(0, 1, 0), "slice [1, 1) is outside dimension 0 of [2, 3]"),
        wrong(s -> f32(s, 2, 3).slice(2, 0, 1), "no dimension 2 in [2, 3]"),
        wrong(s -> f32(s, 2, 3).transpose(0, -3), "no dimension -3 in [2, 3]"),
        wrong(s -> f32(s, 2, 0), "every extent must be >= 1: [2, 0]"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"elementwise", "productsAndRows", "tokens", "sequences", "views"})
  void whatDoesNotFitIsRefused(String message, Function<Scope, Tensor> expression) {
    try (Scope scope = CPU.newScope("inputs");
        Scope step = CPU.newScope("step");
        Tape _ = Tape.start(step)) {
      assertThatThrownBy(() -> expression.apply(scope)).hasMessage(message);
    }
  }

  private static Tensor f32(Scope scope, int... dims) {
    return scope.zeros(DType.F32, dims).requireGradient();
  }

  private static Tensor f64(Scope scope, int... dims) {
    return scope.zeros(DType.F64, dims);
  }

  private static Tensor i32(Scope scope, int... ids) {
    return scope.of(ids, ids.length);
  }

  private static Tensor dropout(Scope scope, double probability) {
    return f32(scope, 3).dropout(probability, new Philox(1, Philox.DROPOUT), 0);
  }

  private static Tensor rope(Scope scope, int heads, int position) {
    var rotation = new Rotation(f32(scope, 8, 2), f32(scope, 8, 2)); // heads of 4
    return f32(scope, 2, 3, 16).rope(rotation, heads, position);
  }
}
