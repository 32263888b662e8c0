package dev.tiebreak.tensor.op;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.KvCache;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;

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
 */
public final class Attention {
  private Attention() {}

  /** y (B, T, H D) for packed queries, keys and values. */
  public static Tensor apply(Tensor x, int heads, int kvHeads) {
    Layout layout = layout(x, heads, kvHeads);
    Tensor y = x.result(x.shape().with(-1, heads * layout.size));
    Tensor logSumExp = x.wideResult(Shape.of(layout.batch, heads, layout.length));
    switch (x.backend()) {
      case CpuBackend cpu -> AttentionCpu.forward(y, logSumExp, x, layout);
      case CudaBackend cuda -> AttentionCuda.forward(cuda, y, logSumExp, x, layout);
    }
    return y.record(() -> backward(x, y, logSumExp, layout), x);
  }

  private static void backward(Tensor x, Tensor y, Tensor logSumExp, Layout layout) {
    boolean add = x.startGradient();
    Shapes.requireSameType("attention", x.gradient(), x);
    switch (x.backend()) {
      case CpuBackend cpu -> AttentionCpu.backward(x, y, logSumExp, layout, add);
      case CudaBackend cuda -> AttentionCuda.backward(cuda, x, y, logSumExp, layout, add);
    }
  }

  /**
   * y (B, t, H D) for t new positions after those that the cache holds; appends their keys and
   * values to the cache. For generation: passes no gradient.
   */
  public static Tensor cached(Tensor x, int heads, int kvHeads, KvCache cache) {
    Layout layout = layout(x, heads, kvHeads);
    int position = cache.append(x, heads, layout.size);
    Tensor y = x.result(x.shape().with(-1, heads * layout.size));
    Tensor logSumExp = x.wideResult(Shape.of(layout.batch, heads, layout.length));
    switch (x.backend()) {
      case CpuBackend cpu -> AttentionCpu.cached(y, logSumExp, x, cache, layout, position);
      case CudaBackend cuda -> AttentionCuda.cached(cuda, y, logSumExp, x, cache, layout, position);
    }
    return y;
  }

  /** B, T, H, KV, D and the width of a packed row. */
  record Layout(int batch, int length, int heads, int kvHeads, int size, int width) {
    double scale() {
      return 1 / Math.sqrt(size);
    }

    int group() {
      return heads / kvHeads;
    }

    int firstKey() {
      return heads * size;
    }

    int firstValue() {
      return (heads + kvHeads) * size;
    }
  }

  private static Layout layout(Tensor x, int heads, int kvHeads) {
    Shapes.require(
        x.shape().rank() == 3, "attention: needs (B, T, (H + 2 KV) D), got %s", x.shape());
    Shapes.require(
        heads % kvHeads == 0, "attention: %d heads do not divide by %d kv heads", heads, kvHeads);
    int width = x.dim(2);
    Shapes.require(
        width % (heads + 2 * kvHeads) == 0,
        "attention: %d columns do not divide by %d + 2 * %d heads",
        width,
        heads,
        kvHeads);
    return new Layout(x.dim(0), x.dim(1), heads, kvHeads, width / (heads + 2 * kvHeads), width);
  }
}
