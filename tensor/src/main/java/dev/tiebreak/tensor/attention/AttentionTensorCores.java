package dev.tiebreak.tensor.attention;

import dev.tiebreak.tensor.Contribution;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.Attention.Layout;
import java.util.Locale;

/**
 * {@link Attention} by the tensor cores of a GPU from compute capability 8.0 on: bfloat16, heads of
 * 64 or 128. The kernels are in {@code AttentionTensorCores.cu}.
 */
final class AttentionTensorCores {
  private static final int OLDEST_GPU = 8;
  private static final int TILE = 64; // as in the kernels; so are the next two
  private static final int THREADS = 128;
  private static final int PAD = 8;
  private static final int FORWARD_TILES = 5;
  private static final int BACKWARD_TILES = 6;

  private AttentionTensorCores() {}

  /** Whether they can do it. */
  static boolean fit(CudaBackend cuda, Tensor x, Layout l) {
    return x.dtype() == DType.BF16
        && x.isAligned()
        && (l.size() == 64 || l.size() == 128)
        && cuda.facts().major() >= OLDEST_GPU;
  }

  static void forward(CudaBackend cuda, Tensor y, Tensor logSumExp, Tensor x, Layout l) {
    cuda.kernel(AttentionTensorCores.class, "attention_mma_forward_" + l.size(), x.dtype())
        .pointer(y.address())
        .pointer(logSumExp.address())
        .pointer(x.address())
        .integer(l.length())
        .integer(l.heads())
        .integer(l.kvHeads())
        .real(l.scale())
        .run(tiles(l), l.batch() * l.heads(), THREADS, sharedBytes(FORWARD_TILES, l));
  }

  /** Given the sums of dy y over each head's row. */
  static void backward(
      CudaBackend cuda,
      Contribution dx,
      Tensor x,
      Tensor dy,
      Tensor logSumExp,
      Tensor delta,
      Layout l) {
    backward(cuda, "keys", l.kvHeads(), dx, x, dy, logSumExp, delta, l);
    backward(cuda, "queries", l.heads(), dx, x, dy, logSumExp, delta, l);
  }

  private static void backward(
      CudaBackend cuda,
      String side,
      int heads,
      Contribution dx,
      Tensor x,
      Tensor dy,
      Tensor logSumExp,
      Tensor delta,
      Layout l) {
    String name = String.format(Locale.ROOT, "attention_mma_backward_%s_%d", side, l.size());
    cuda.kernel(AttentionTensorCores.class, name, x.dtype())
        .pointer(dx.address())
        .pointer(x.address())
        .pointer(dy.address())
        .pointer(logSumExp.address())
        .pointer(delta.address())
        .integer(l.length())
        .integer(l.heads())
        .integer(l.kvHeads())
        .real(l.scale())
        .flag(dx.add())
        .run(tiles(l), l.batch() * heads, THREADS, sharedBytes(BACKWARD_TILES, l));
  }

  private static int tiles(Layout l) {
    return Math.ceilDiv(l.length(), TILE);
  }

  private static int sharedBytes(int tiles, Layout l) {
    return tiles * TILE * (l.size() + PAD) * Short.BYTES;
  }
}
