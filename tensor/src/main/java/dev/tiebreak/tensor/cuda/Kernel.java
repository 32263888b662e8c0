package dev.tiebreak.tensor.cuda;

import dev.tiebreak.bindings.cuda.Arguments;
import dev.tiebreak.bindings.cuda.Arguments.Kind;
import dev.tiebreak.bindings.cuda.CudaFunction;
import dev.tiebreak.bindings.cuda.Stream;
import java.util.Arrays;

/**
 * A kernel that is given its arguments in the order of its parameters and then run:
 *
 * <pre>{@code
 * cuda.kernel(Gelu.class, "gelu_forward", x.dtype())
 *     .pointer(y.address()).pointer(x.address()).count(n).over(n);
 * }</pre>
 *
 * <p>The first run learns the kinds of the arguments and checks them against the compiled kernel;
 * later ones allocate nothing. For one thread.
 */
public final class Kernel {
  private static final int THREADS = 256;
  private static final int WARP = 32;
  private static final int PACK_BYTES = 16;
  private static final int FREE_SHARED_BYTES = 48 << 10; // more must be asked for

  private final CudaFunction function; // null if dry
  private final Stream stream;
  private final KernelTimes times;
  private final int elementsPerThread;
  private Kind[] kinds = new Kind[8];
  private long[] values = new long[8];
  private int count;
  private Arguments arguments;
  private int allowedSharedBytes = FREE_SHARED_BYTES;

  Kernel(CudaFunction function, Stream stream, KernelTimes times, int elementBytes) {
    this.function = function;
    this.stream = stream;
    this.times = times;
    this.elementsPerThread = PACK_BYTES / elementBytes;
  }

  /** One that takes arguments and never runs. */
  public static Kernel dry() {
    return new Kernel(null, null, null, Float.BYTES);
  }

  /** Forgets the arguments of a launch that was given up. */
  Kernel begin() {
    count = 0;
    return this;
  }

  /** An address of the GPU; 0 for none. Returns this, as all setters do. */
  public Kernel pointer(long address) {
    return next(Kind.POINTER, address);
  }

  /** A number of elements: {@code i64}. */
  public Kernel count(long value) {
    return next(Kind.LONG, value);
  }

  /** An {@code int}. */
  public Kernel integer(int value) {
    return next(Kind.INT, value);
  }

  /** A {@code bool}-like {@code int}. */
  public Kernel flag(boolean value) {
    return next(Kind.INT, value ? 1 : 0);
  }

  /** A {@code float}. */
  public Kernel real(double value) {
    return next(Kind.FLOAT, Float.floatToRawIntBits((float) value));
  }

  private Kernel next(Kind kind, long value) {
    if (count == kinds.length) {
      kinds = Arrays.copyOf(kinds, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    kinds[count] = kind;
    values[count] = value;
    count++;
    return this;
  }

  /** Runs it with a thread for every 16 bytes of so many elements. */
  public void over(long elements) {
    long threads = Math.ceilDiv(elements, elementsPerThread);
    run(Math.ceilDiv(threads, THREADS), THREADS, 0);
  }

  /** Runs it with a block of 256 threads for each of so many rows. */
  public void rows(long rows) {
    run(rows, THREADS, 0);
  }

  /** Runs it with a block for each of so many rows, and a thread for each 16 bytes of a row. */
  public void rows(long rows, long columns) {
    rows(rows, columns, 0);
  }

  /** The same with dynamic shared memory. Blocks are of whole warps, of 256 threads at most. */
  public void rows(long rows, long columns, int sharedBytes) {
    long warps = Math.ceilDiv(columns, (long) elementsPerThread * WARP);
    int threads = (int) Math.min(THREADS, warps * WARP);
    run(rows, threads, sharedBytes);
  }

  /** Runs it with so many blocks of so many threads. */
  public void run(long blocks, int threads, int sharedBytes) {
    run(blocks, 1, threads, sharedBytes);
  }

  /** Runs it with a grid of two dimensions. */
  public void run(long blocksX, int blocksY, int threads, int sharedBytes) {
    if (function == null) {
      return;
    }
    Arguments block = arguments();
    if (sharedBytes > allowedSharedBytes) {
      function.allowSharedBytes(sharedBytes);
      allowedSharedBytes = sharedBytes;
    }
    times.begin(function.name());
    function.launch(
        stream, Math.toIntExact(blocksX), blocksY, 1, threads, 1, 1, sharedBytes, block);
    times.end();
  }

  private Arguments arguments() {
    int given = count;
    count = 0; // whatever happens, the next launch starts anew
    if (arguments == null) {
      arguments = function.arguments(Arrays.copyOf(kinds, given));
    }
    for (int i = 0; i < given; i++) {
      switch (kinds[i]) {
        case POINTER -> arguments.pointer(i, values[i]);
        case LONG -> arguments.longInteger(i, values[i]);
        case INT -> arguments.integer(i, (int) values[i]);
        case FLOAT -> arguments.real(i, Float.intBitsToFloat((int) values[i]));
      }
    }
    return arguments;
  }
}
