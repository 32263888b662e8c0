package dev.tiebreak.tensor;

import dev.tiebreak.bindings.cuda.DeviceBuffer;
import dev.tiebreak.tensor.TensorData.Place;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Objects;

/**
 * Off-heap memory, or a GPU's, with one lifetime. A model scope holds weights, gradients and
 * optimizer state until it is closed; a step scope holds the activations of one step and is reset
 * by its {@link Tape}.
 *
 * <p>Allocation moves a pointer through blocks that are kept over a reset, so a step that allocates
 * the same sizes in the same order gets the same addresses as the step before it, and nothing new
 * is taken after the first. Not thread-safe.
 */
public final class Scope implements AutoCloseable {
  /** Bytes behind every host tensor that vector loops may touch: one of the widest vectors. */
  public static final long SLACK = 64;

  /** Every host tensor begins at a multiple of so many bytes. */
  public static final long ALIGNMENT = 64; // one cache line, one AVX-512 register

  /** The least that is taken from the operating system at once, in bytes. */
  public static final long SMALLEST_BLOCK = (8L << 20) + (64L << 10); // powers of two plus slack

  /** Every tensor on a GPU begins at a multiple of so many bytes. */
  public static final long DEVICE_ALIGNMENT = 256; // what cuBLASLt's fastest algorithms want

  /** The least that is taken from a GPU at once, in bytes. */
  public static final long SMALLEST_DEVICE_BLOCK = 256L << 20;

  private final Backend backend;
  private final String name;
  private final Arena arena = Arena.ofShared(); // worker threads read and write it too
  private final Bump<MemorySegment> host;
  private final Bump<DeviceBuffer> device; // null on the CPU
  private int generation;
  private boolean closed;

  Scope(Backend backend, String name) {
    this.backend = backend;
    this.name = name;
    host = new Bump<>(Bump.Layout.HOST, backend.isDry() ? _ -> MemorySegment.NULL : this::reserve);
    device =
        switch (backend) {
          case CpuBackend _ -> null;
          case CudaBackend cuda -> new Bump<>(cuda.layout(), bytes -> cuda.reserve(bytes, this));
        };
  }

  /** The backend that computes on this memory. */
  public Backend backend() {
    return backend;
  }

  /** A new tensor of zeros that needs no gradient. */
  public Tensor zeros(DType dtype, int... dims) {
    Tensor tensor = allocate(dtype, Shape.of(dims));
    tensor.zero();
    return tensor;
  }

  /** A new float32 tensor with these values, row by row. */
  public Tensor of(float[] values, int... dims) {
    Tensor tensor = allocate(DType.F32, Shape.of(dims));
    tensor.copyFrom(MemorySegment.ofArray(values));
    return tensor;
  }

  /** A new float64 tensor with these values, row by row. */
  public Tensor of(double[] values, int... dims) {
    return of(DType.F64, values, dims);
  }

  /** A new tensor with these values, row by row, rounded to a type. */
  public Tensor of(DType dtype, double[] values, int... dims) {
    Tensor tensor = allocate(dtype, Shape.of(dims));
    tensor.copyFrom(values);
    return tensor;
  }

  /** A new tensor of whole numbers (token ids), row by row. */
  public Tensor of(int[] values, int... dims) {
    Tensor tensor = allocate(DType.I32, Shape.of(dims));
    tensor.copyFrom(MemorySegment.ofArray(values));
    return tensor;
  }

  /** A new tensor with whatever the memory held: the caller writes every element. */
  public Tensor allocate(DType dtype, Shape shape) {
    if (closed) {
      throw new IllegalStateException("scope '" + name + "' is closed");
    }
    if (!backend.computes(dtype)) {
      throw new IllegalArgumentException(backend.name() + " has no tensors of " + dtype);
    }
    long bytes = shape.size() * dtype.bytes();
    boolean onHost = device == null || dtype == DType.I32; // a GPU's token ids are on both
    Memory memory =
        new Memory(onHost ? host.take(bytes) : null, device == null ? null : device.take(bytes));
    Place place = backend.isDry() ? memory.counted() : memory.place(bytes);
    return new Tensor(this, dtype, shape, place, memory);
  }

  /** What a tensor was given: a piece of the host's memory, of a GPU's, or of both. */
  record Memory(Bump.Piece<MemorySegment> host, Bump.Piece<DeviceBuffer> device) {
    /** No memory; on a GPU an address that nothing follows, as far from the next alignment. */
    private Place counted() {
      return new Place(null, device == null ? 0 : DEVICE_ALIGNMENT + device.offset());
    }

    private Place place(long bytes) {
      return new Place(
          host == null ? null : host.block().asSlice(host.offset(), bytes + SLACK),
          device == null ? 0 : device.block().address() + device.offset());
    }
  }

  /** Takes memory back before the reset; the next tensor of the same size gets it. */
  void giveBack(Memory memory) {
    if (memory.host != null) {
      host.giveBack(memory.host);
    }
    if (memory.device != null) {
      device.giveBack(memory.device);
    }
  }

  private MemorySegment reserve(long bytes) {
    try {
      return arena.allocate(bytes, ALIGNMENT);
    } catch (OutOfMemoryError e) {
      throw new OutOfTensorMemoryException(
          String.format(
              Locale.ROOT,
              "out of memory: scope '%s' holds %,d MB and could not get %,d MB more; use a smaller model, batch or sequence length",
              name,
              reservedBytes() >> 20,
              bytes >> 20),
          e);
    }
  }

  /** Makes all memory free again; tensors allocated so far must not be used any more. */
  void reset() {
    host.reset();
    if (device != null) {
      device.reset();
    }
    generation++;
  }

  /** How often this scope was reset: a tensor of an older generation is dead. */
  int generation() {
    return generation;
  }

  /** Bytes taken from the operating system or the GPU; does not change after the first step. */
  public long reservedBytes() {
    return device == null ? host.reservedBytes() : device.reservedBytes();
  }

  /** The largest number of bytes in use at once so far. */
  public long peakBytes() {
    return device == null ? host.peakBytes() : device.peakBytes();
  }

  /** What messages call it. */
  String name() {
    return name;
  }

  /** Gives all memory back. Using a tensor of this scope afterwards throws. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      generation++;
      arena.close();
      if (device != null) {
        device.blocks().stream().filter(Objects::nonNull).forEach(DeviceBuffer::close);
      }
    }
  }

  @Override
  public String toString() {
    return "Scope[" + name + ", " + reservedBytes() + " bytes]";
  }
}
