package dev.tiebreak.tensor;

import dev.tiebreak.tensor.cuda.Kernel;

/**
 * A row-major, aligned copy of a view. Backward: the gradient is added through the same strides. A
 * tensor that is row-major already is returned as it is.
 */
final class Contiguous {
  private static final int MOST_DIMENSIONS = 8; // of a view on a GPU

  private Contiguous() {}

  /** y, of x's shape and without gaps. */
  static Tensor apply(Tensor x) {
    if (x.isContiguous() && x.isAligned()) {
      return x;
    }
    Tensor y = x.like();
    switch (x.backend()) {
      case CpuBackend cpu ->
          cpu.once(() -> walk(x, (element, place) -> y.set(element, x.getStored(place))));
      case CudaBackend cuda -> {
        requireCopyable(x);
        Kernel kernel =
            cuda.kernel(Contiguous.class, "contiguous_forward", x.dtype())
                .pointer(y.address())
                .pointer(firstElement(x))
                .count(x.size());
        run(kernel, x);
      }
    }
    return y.record(() -> backward(x, y), x);
  }

  private static void backward(Tensor x, Tensor y) {
    boolean add = x.startGradient();
    Tensor dx = x.gradient();
    Tensor dy = y.gradient();
    switch (x.backend()) {
      case CpuBackend cpu ->
          cpu.once(() ->
              walk(
                  dx,
                  (element, place) ->
                      dx.setStored(place, (add ? dx.getStored(place) : 0) + dy.get(element))));
      case CudaBackend cuda -> {
        Kernel kernel =
            cuda.kernel(Contiguous.class, Loops.name("contiguous_backward", dx, dy), dy.dtype())
                .pointer(firstElement(dx))
                .pointer(dy.address())
                .count(dy.size())
                .flag(add);
        run(kernel, dx);
      }
    }
  }

  private static void requireCopyable(Tensor x) {
    Shapes.require(
        x.dtype().isFloat(), // the copy that the host has of token ids would be missing
        "contiguous: token ids on a GPU must be row-major and aligned, got %s",
        x);
    Shapes.require(
        x.shape().rank() <= MOST_DIMENSIONS,
        "contiguous: %s has more than %d dimensions",
        x.shape(),
        MOST_DIMENSIONS);
  }

  private static long firstElement(Tensor x) {
    return x.storageAddress() + x.offset() * x.dtype().bytes();
  }

  /** Gives the extents and strides of a view, outermost first, and a thread for each element. */
  private static void run(Kernel kernel, Tensor view) {
    int rank = view.shape().rank();
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
