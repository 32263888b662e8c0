package dev.tiebreak.tensor.op;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.cuda.Kernel;

/**
 * A row-major, aligned copy of a view. Backward: the gradient is added through the same strides. A
 * tensor that is row-major already is returned as it is.
 */
public final class Contiguous {
  private static final int MOST_DIMENSIONS = 8; // of a view on a GPU

  private Contiguous() {}

  /** y, of x's shape and without gaps. */
  public static Tensor apply(Tensor x) {
    if (x.isContiguous() && x.isAligned()) {
      return x;
    }
    Tensor y = x.like();
    switch (x.backend()) {
      case CpuBackend cpu -> walk(x, (element, place) -> y.set(element, x.getStored(place)));
      case CudaBackend cuda -> copy(cuda, y, x);
    }
    return y.record(() -> backward(x, y), x);
  }

  private static void backward(Tensor x, Tensor y) {
    boolean add = x.startGradient();
    Tensor dx = x.gradient();
    Tensor dy = y.gradient();
    switch (x.backend()) {
      case CpuBackend cpu ->
          walk(
              dx,
              (element, place) ->
                  dx.setStored(place, (add ? dx.getStored(place) : 0) + dy.get(element)));
      case CudaBackend cuda -> {
        Kernel kernel =
            cuda.kernel(Contiguous.class, Loops.name("contiguous_backward", dx, dy), dy.dtype())
                .pointer(dx.storageAddress() + dx.offset() * dx.dtype().bytes())
                .pointer(dy.address())
                .count(dy.size())
                .flag(add);
        run(kernel, dx);
      }
    }
  }

  private static void copy(CudaBackend cuda, Tensor y, Tensor x) {
    if (!x.dtype().isFloat()) { // the host's copy would be missing
      throw new IllegalArgumentException(
          "contiguous: a GPU copies no views of token ids, got " + x);
    }
    Kernel kernel =
        cuda.kernel(Contiguous.class, "contiguous_forward", x.dtype())
            .pointer(y.address())
            .pointer(x.storageAddress() + x.offset() * x.dtype().bytes())
            .count(x.size());
    run(kernel, x);
  }

  /** Gives the extents and strides of a view, outermost first, and a thread for each element. */
  private static void run(Kernel kernel, Tensor view) {
    int rank = view.shape().rank();
    Shapes.require(
        rank <= MOST_DIMENSIONS,
        "contiguous: %s has more than %d dimensions",
        view.shape(),
        MOST_DIMENSIONS);
    for (int d = rank - MOST_DIMENSIONS; d < rank; d++) {
      kernel.count(d < 0 ? 1 : view.dim(d));
    }
    for (int d = rank - MOST_DIMENSIONS; d < rank; d++) {
      kernel.count(d < 0 ? 0 : view.stride(d));
    }
    kernel.run(Math.toIntExact(Math.ceilDiv(view.size(), 256)), 256, 0);
  }

  private interface Visitor {
    void visit(long element, long place);
  }

  private static void walk(Tensor x, Visitor visitor) {
    int[] dims = x.shape().toArray();
    int[] index = new int[dims.length];
    for (long element = 0; element < x.size(); element++) {
      long place = x.offset();
      for (int d = 0; d < dims.length; d++) {
        place += index[d] * x.stride(d);
      }
      visitor.visit(element, place);
      for (int d = dims.length - 1; d >= 0 && ++index[d] == dims[d]; d--) {
        index[d] = 0;
      }
    }
  }
}
