package dev.tiebreak.tensor.attention;

import dev.tiebreak.tensor.Contribution;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.Operation;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;
import java.util.Locale;

/**
 * Causal scaled dot-product attention (Vaswani et al., 2017) with grouped-query heads (Ainslie et
 * al., 2023) on packed x (B, T, (H + 2 KV) D): H query heads, then KV key heads, then KV value
 * heads. Query head h reads key/value head h / (H / KV). y (B, T, H D):
 *
 * <p>S = Q K^T / sqrt(D), P = softmax over keys no later than the query, O = P V.
 *
 * <p>Backward: dV = P^T dO, dP = dO V^T, dS = P (dP - rowsum(dO O)), dQ = dS K / sqrt(D), dK = dS^T
 * Q / sqrt(D). As in FlashAttention (Dao et al., 2022) only the log-sum-exp of each row of S is
 * kept and P is computed again, a block of queries at a time, so no (T, T) matrix is ever in
 * memory.
 *
 * <p>{@link AttentionScalar} is this in loops. Which of the others runs is chosen here and, on a
 * GPU, in {@link AttentionCuda}.
 */
public final class Attention {
  private Attention() {}

  /** y (B, T, H D) for packed queries, keys and values. */
  public static Tensor causal(Tensor packed, int heads, int kvHeads) {
    Tensor x = packed.contiguous();
    Layout l = Layout.of(x, heads, kvHeads);
    Tensor y = x.result(x.shape().with(-1, heads * l.size));
    Tensor logSumExp = x.wideResult(Shape.of(l.batch, heads, l.length));
    forward(y, logSumExp, x, KeysAndValues.packed(x, l), l, 0);
    return Operation.record(y, dy -> backward(x, y, dy, logSumExp, l), x);
  }

  /**
   * y (B, t, H D) for t new positions after those that the cache holds; appends their keys and
   * values to the cache. For generation: passes no gradient.
   */
  public static Tensor cached(Tensor packed, int heads, int kvHeads, KvCache cache) {
    Tensor x = packed.contiguous();
    Layout l = Layout.of(x, heads, kvHeads);
    int position = cache.append(x, heads, l.size);
    Tensor y = x.result(x.shape().with(-1, heads * l.size));
    Tensor logSumExp = x.wideResult(Shape.of(l.batch, heads, l.length));
    forward(y, logSumExp, x, KeysAndValues.held(cache, l), l, position);
    return y;
  }

  private static void forward(
      Tensor y, Tensor logSumExp, Tensor x, KeysAndValues in, Layout l, int position) {
    switch (x.backend()) {
      case CpuBackend cpu when cpu.vectorises(x.dtype()) ->
          AttentionCpu.forward(y, logSumExp, x, in, l, position);
      case CpuBackend _ -> AttentionScalar.forward(y, logSumExp, x, in, l, position);
      case CudaBackend cuda -> AttentionCuda.forward(cuda, y, logSumExp, x, in, l, position);
    }
  }

  private static void backward(Tensor x, Tensor y, Tensor dy, Tensor logSumExp, Layout l) {
    Contribution dx = Contribution.start(x);
    require(dx.gradient().dtype() == x.dtype(), "attention: the gradient of %s is another type", x);
    switch (x.backend()) {
      case CpuBackend cpu when cpu.vectorises(x.dtype()) ->
          AttentionCpu.backward(dx, x, y, dy, logSumExp, l);
      case CpuBackend _ -> AttentionScalar.backward(dx, x, y, dy, logSumExp, l);
      case CudaBackend cuda -> AttentionCuda.backward(cuda, dx, x, y, dy, logSumExp, l);
    }
  }

  static void require(boolean condition, String format, Object... args) {
    if (!condition) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, format, args));
    }
  }

  /** B, T, H, KV, D and the width of a packed row; and where things begin, in elements. */
  record Layout(int batch, int length, int heads, int kvHeads, int size, int width) {
    static Layout of(Tensor x, int heads, int kvHeads) {
      require(x.shape().rank() == 3, "attention: needs (B, T, (H + 2 KV) D), got %s", x.shape());
      require(
          heads % kvHeads == 0, "attention: %d heads do not divide by %d kv heads", heads, kvHeads);
      int width = x.dim(2);
      int all = heads + 2 * kvHeads;
      require(
          width % all == 0,
          "attention: %d columns do not divide by %d + 2 * %d heads",
          width,
          heads,
          kvHeads);
      return new Layout(x.dim(0), x.dim(1), heads, kvHeads, width / all, width);
    }

    double scale() {
      return 1 / Math.sqrt(size);
    }

    /** Query heads for each key head. */
    int group() {
      return heads / kvHeads;
    }

    /** Elements of a row of y. */
    int outputWidth() {
      return heads * size;
    }

    /** Where in x a query begins. */
    long query(int b, int head, int t) {
      return ((long) b * length + t) * width + (long) head * size;
    }

    /** Where in y its result begins. */
    long output(int b, int head, int t) {
      return ((long) b * length + t) * outputWidth() + (long) head * size;
    }

    /** The number of its row among all rows of scores. */
    long row(int b, int head, int t) {
      return ((long) b * heads + head) * length + t;
    }

    /** What is done with a head of a sequence. */
    interface HeadBody {
      void run(int b, int head);
    }

    /** Runs {@code body} for so many heads of every sequence, divided over the threads. */
    void forHeads(CpuBackend cpu, int count, HeadBody body) {
      cpu.forTasks(
          (long) batch * count,
          (from, to, worker) -> {
            for (long task = from; task < to; task++) {
              body.run((int) (task / count), (int) (task % count));
            }
          });
    }
  }
}
