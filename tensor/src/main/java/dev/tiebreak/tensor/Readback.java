package dev.tiebreak.tensor;

import dev.tiebreak.tensor.cuda.Transfers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Numbers on their way from tensors to the host. {@link #of} only starts the copy, so the host can
 * queue more work before it asks for the {@link #values}; by then they have arrived, and nothing
 * had to wait. The tensors may be overwritten or freed as soon as {@code of} has returned.
 */
public final class Readback {
  private final Supplier<double[]> arrival;
  private double[] values; // null until they were asked for

  private Readback(Supplier<double[]> arrival) {
    this.arrival = arrival;
  }

  /**
   * Starts copying one-element tensors of one backend.
   *
   * @throws IllegalArgumentException if there are none, one has more elements, or their types
   *     differ
   */
  public static Readback of(Tensor... scalars) {
    if (scalars.length == 0) {
      throw new IllegalArgumentException("nothing to read back");
    }
    for (Tensor scalar : scalars) {
      if (scalar.size() != 1) {
        throw new IllegalArgumentException(
            "a readback takes one-element tensors, got " + scalar.shape());
      }
      if (scalar.dtype() != scalars[0].dtype()) {
        throw new IllegalArgumentException(
            "a readback takes tensors of one type, got " + scalars[0] + " and " + scalar);
      }
    }
    return new Readback(start(scalars));
  }

  private static Supplier<double[]> start(Tensor[] scalars) {
    if (scalars[0].backend().isDry()) {
      return () -> new double[scalars.length];
    }
    return switch (scalars[0].backend()) {
      case CpuBackend _ -> {
        double[] copied = Arrays.stream(scalars).mapToDouble(Tensor::item).toArray();
        yield () -> copied;
      }
      case CudaBackend cuda -> {
        DType dtype = scalars[0].dtype();
        long[] addresses = Arrays.stream(scalars).mapToLong(Tensor::address).toArray();
        Transfers.PendingCopy copy = cuda.transfers().outLater(addresses, dtype.bytes());
        yield () -> taken(copy, dtype, addresses.length);
      }
    };
  }

  private static double[] taken(Transfers.PendingCopy copy, DType dtype, int count) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment numbers = arena.allocate((long) count * dtype.bytes());
      copy.take(numbers);
      return IntStream.range(0, count).mapToDouble(i -> dtype.get(numbers, i)).toArray();
    }
  }

  /** The numbers, in the order of the tensors; waits for them if they are still under way. */
  public double[] values() {
    if (values == null) {
      values = arrival.get();
    }
    return values.clone();
  }
}
