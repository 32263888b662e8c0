package dev.tiebreak.tensor.attention;

import dev.tiebreak.tensor.Contribution;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.Attention.Layout;
import dev.tiebreak.tensor.attention.CudnnAttention.Sizes;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * {@link Attention} on a GPU: by cuDNN where it can, else by {@link AttentionTensorCores} where
 * they can, else by the kernels of {@code Attention.cu}. All write the same log-sum-exp, so any can
 * run backward what another ran forward.
 */
final class AttentionCuda {
  private static final int LARGEST_HEAD = 256;
  private static final int THREADS = 256;
  private static final int ROWS_OF_DELTA = THREADS / 32; // a warp for each
  private static final int PAD = 4; // as in Attention.cu
  private static final String CANNOT_ADD = "it cannot add to a gradient";

  private AttentionCuda() {}

  /**
   * The tiles that a kernel works with; there is a kernel for each width.
   *
   * @param rows of a tile
   * @param width columns of a tile, at least the head size
   */
  private record Tiles(int rows, int width) {
    int over(int length) {
      return Math.ceilDiv(length, rows);
    }

    /** For some tiles of rows and one of weights. */
    int sharedBytes(int tiles) {
      return (tiles * rows * (width + PAD) + rows * (rows + PAD)) * Float.BYTES;
    }

    static Tiles ofForward(int size) {
      int width = width(size);
      return new Tiles(width == 256 ? 32 : 64, width);
    }

    static Tiles ofBackward(int size) {
      int width = width(size);
      return new Tiles(4096 / width, width);
    }

    private static int width(int size) {
      Attention.require(
          size <= LARGEST_HEAD, "attention: heads of %d are larger than %d", size, LARGEST_HEAD);
      return size <= 64 ? 64 : size <= 128 ? 128 : 256;
    }
  }

  private static Sizes sizes(Layout l) {
    return new Sizes(l.batch(), l.heads(), l.kvHeads(), l.length(), l.size());
  }

  /** Whether to run it in cuDNN, given why that cannot be, or null. */
  private static boolean byCudnn(CudaBackend cuda, Tensor x, Supplier<String> whyNot) {
    AttentionChoice choice = AttentionChoice.of(cuda);
    if (choice == AttentionChoice.OWN) {
      return false;
    }
    String reason =
        x.dtype() != DType.BF16 || !x.isAligned()
            ? "it computes in bfloat16 on aligned tensors, this is " + x
            : whyNot.get();
    if (choice == AttentionChoice.CUDNN && reason != null) {
      throw new IllegalStateException("attention is to run in cuDNN and cannot: " + reason);
    }
    return reason == null;
  }

  /** Plans of cuDNN are kept for as long as the backend is open. */
  private static CudnnAttention cudnn(CudaBackend cuda) {
    return cuda.companion(CudnnAttention.class, it -> new CudnnAttention(it.stream(), it.times()));
  }

  static void forward(
      CudaBackend cuda,
      Tensor y,
      Tensor logSumExp,
      Tensor x,
      KeysAndValues in,
      Layout l,
      int position) {
    boolean packed = in.keys() == x; // else they are in a cache, which only our kernels can read
    CudnnAttention cudnn = cudnn(cuda);
    if (packed && byCudnn(cuda, x, () -> cudnn.whyNotForward(sizes(l)))) {
      cudnn.forward(sizes(l), x.address(), y.address(), logSumExp.address());
    } else if (packed && AttentionTensorCores.fit(cuda, x, l)) {
      AttentionTensorCores.forward(cuda, y, logSumExp, x, l);
    } else {
      byRows(cuda, y, logSumExp, x, in, l, position);
    }
  }

  private static void byRows(
      CudaBackend cuda,
      Tensor y,
      Tensor logSumExp,
      Tensor x,
      KeysAndValues in,
      Layout l,
      int position) {
    Tiles tiles = Tiles.ofForward(l.size());
    cuda.kernel(Attention.class, "attention_forward_" + tiles.width, x.dtype())
        .pointer(y.address())
        .pointer(logSumExp.address())
        .pointer(x.address())
        .pointer(in.keys().address() + (long) in.firstKey() * x.dtype().bytes())
        .pointer(in.values().address() + (long) in.firstValue() * x.dtype().bytes())
        .integer(l.length())
        .integer(l.heads())
        .integer(l.kvHeads())
        .integer(l.size())
        .count(l.width())
        .integer(in.rows())
        .count(in.stride())
        .integer(position)
        .real(l.scale())
        .run(tiles.over(l.length()), l.batch() * l.heads(), THREADS, tiles.sharedBytes(2));
  }

  static void backward(
      CudaBackend cuda,
      Contribution dx,
      Tensor x,
      Tensor y,
      Tensor dy,
      Tensor logSumExp,
      Layout l) {
    CudnnAttention cudnn = cudnn(cuda);
    if (byCudnn(cuda, x, () -> dx.add() ? CANNOT_ADD : cudnn.whyNotBackward(sizes(l)))) {
      cudnn.backward(
          sizes(l), x.address(), y.address(), dy.address(), logSumExp.address(), dx.address());
      return;
    }
    Tensor delta = x.wideResult(Shape.of(l.batch(), l.heads(), l.length()));
    long rows = delta.size();
    cuda.kernel(Attention.class, "attention_delta", x.dtype())
        .pointer(delta.address())
        .pointer(y.address())
        .pointer(dy.address())
        .integer(l.length())
        .integer(l.heads())
        .integer(l.size())
        .count(rows)
        .run(Math.ceilDiv(rows, ROWS_OF_DELTA), THREADS, 0);
    if (AttentionTensorCores.fit(cuda, x, l)) {
      AttentionTensorCores.backward(cuda, dx, x, dy, logSumExp, delta, l);
      return;
    }
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
    Tiles tiles = Tiles.ofBackward(l.size());
    String name = String.format(Locale.ROOT, "attention_backward_%s_%d", side, tiles.width);
    cuda.kernel(Attention.class, name, x.dtype())
        .pointer(dx.address())
        .pointer(x.address())
        .pointer(dy.address())
        .pointer(logSumExp.address())
        .pointer(delta.address())
        .integer(l.length())
        .integer(l.heads())
        .integer(l.kvHeads())
        .integer(l.size())
        .real(l.scale())
        .flag(dx.add())
        .run(tiles.over(l.length()), l.batch() * heads, THREADS, tiles.sharedBytes(4));
  }
}
