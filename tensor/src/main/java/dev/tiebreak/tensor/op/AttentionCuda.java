package dev.tiebreak.tensor.op;

import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.CudaBackend.AttentionChoice;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.KvCache;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.cuda.CudnnAttention;
import dev.tiebreak.tensor.cuda.CudnnAttention.Sizes;
import dev.tiebreak.tensor.op.Attention.Layout;
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
      Shapes.require(
          size <= LARGEST_HEAD, "attention: heads of %d are larger than %d", size, LARGEST_HEAD);
      return size <= 64 ? 64 : size <= 128 ? 128 : 256;
    }
  }

  private static Sizes sizes(Layout l) {
    return new Sizes(l.batch(), l.heads(), l.kvHeads(), l.length(), l.size());
  }

  /** Whether to run it in cuDNN, given why that cannot be, or null. */
  private static boolean byCudnn(CudaBackend cuda, Tensor x, Supplier<String> whyNot) {
    AttentionChoice choice = cuda.options().attention();
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

  static void forward(CudaBackend cuda, Tensor y, Tensor logSumExp, Tensor x, Layout l) {
    CudnnAttention cudnn = cuda.cudnnAttention();
    if (byCudnn(cuda, x, () -> cudnn.whyNotForward(sizes(l)))) {
      cudnn.forward(sizes(l), x.address(), y.address(), logSumExp.address());
      return;
    }
    if (AttentionTensorCores.fit(cuda, x, l)) {
      AttentionTensorCores.forward(cuda, y, logSumExp, x, l);
      return;
    }
    int bytes = x.dtype().bytes();
    long keys = x.address() + (long) l.firstKey() * bytes;
    long values = x.address() + (long) l.firstValue() * bytes;
    forward(cuda, y, logSumExp, x, keys, values, l.length(), l.width(), l, 0);
  }

  static void cached(
      CudaBackend cuda,
      Tensor y,
      Tensor logSumExp,
      Tensor x,
      KvCache cache,
      Layout l,
      int position) {
    long keys = cache.keys().address();
    long values = cache.values().address();
    int stride = l.kvHeads() * l.size();
    forward(cuda, y, logSumExp, x, keys, values, cache.capacity(), stride, l, position);
  }

  private static void forward(
      CudaBackend cuda,
      Tensor y,
      Tensor logSumExp,
      Tensor x,
      long keys,
      long values,
      int capacity,
      int stride,
      Layout l,
      int position) {
    Tiles tiles = Tiles.ofForward(l.size());
    cuda.kernel(Attention.class, "attention_forward_" + tiles.width, x.dtype())
        .pointer(y.address())
        .pointer(logSumExp.address())
        .pointer(x.address())
        .pointer(keys)
        .pointer(values)
        .integer(l.length())
        .integer(l.heads())
        .integer(l.kvHeads())
        .integer(l.size())
        .count(l.width())
        .integer(capacity)
        .count(stride)
        .integer(position)
        .real(l.scale())
        .run(tiles.over(l.length()), l.batch() * l.heads(), THREADS, tiles.sharedBytes(2));
  }

  static void backward(
      CudaBackend cuda, Tensor x, Tensor y, Tensor logSumExp, Layout l, boolean add) {
    CudnnAttention cudnn = cuda.cudnnAttention();
    if (byCudnn(cuda, x, () -> add ? CANNOT_ADD : cudnn.whyNotBackward(sizes(l)))) {
      cudnn.backward(
          sizes(l),
          x.address(),
          y.address(),
          y.gradient().address(),
          logSumExp.address(),
          x.gradient().address());
      return;
    }
    Tensor delta = x.wideResult(Shape.of(l.batch(), l.heads(), l.length()));
    long rows = delta.size();
    cuda.kernel(Attention.class, "attention_delta", x.dtype())
        .pointer(delta.address())
        .pointer(y.address())
        .pointer(y.gradient().address())
        .integer(l.length())
        .integer(l.heads())
        .integer(l.size())
        .count(rows)
        .run(Math.toIntExact(Math.ceilDiv(rows, ROWS_OF_DELTA)), THREADS, 0);
    if (AttentionTensorCores.fit(cuda, x, l)) {
      AttentionTensorCores.backward(cuda, x, y.gradient(), logSumExp, delta, l, add);
      return;
    }
    backward(cuda, "keys", l.kvHeads(), x, y, logSumExp, delta, l, add);
    backward(cuda, "queries", l.heads(), x, y, logSumExp, delta, l, add);
  }

  private static void backward(
      CudaBackend cuda,
      String side,
      int heads,
      Tensor x,
      Tensor y,
      Tensor logSumExp,
      Tensor delta,
      Layout l,
      boolean add) {
    Tiles tiles = Tiles.ofBackward(l.size());
    String name = String.format(Locale.ROOT, "attention_backward_%s_%d", side, tiles.width);
    cuda.kernel(Attention.class, name, x.dtype())
        .pointer(x.gradient().address())
        .pointer(x.address())
        .pointer(y.gradient().address())
        .pointer(logSumExp.address())
        .pointer(delta.address())
        .integer(l.length())
        .integer(l.heads())
        .integer(l.kvHeads())
        .integer(l.size())
        .real(l.scale())
        .flag(add)
        .run(tiles.over(l.length()), l.batch() * heads, THREADS, tiles.sharedBytes(4));
  }
}
