package dev.tiebreak.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Off-heap memory with one lifetime. A model scope holds weights, gradients and optimizer state
 * until it is closed; a step scope holds the activations of one step and is reset by its {@link
 * Tape}.
 *
 * <p>Allocation moves a pointer through blocks that are kept over a reset, so a step that allocates
 * the same sizes in the same order gets the same addresses as the step before it, and nothing new
 * comes from the operating system after the first. Not thread-safe.
 */
public final class Scope implements AutoCloseable {
  /** Bytes behind every tensor that vector loops may touch: one vector of the widest machines. */
  public static final long SLACK = 64;

  /** Every tensor begins at a multiple of so many bytes. */
  public static final long ALIGNMENT = 64; // one cache line, one AVX-512 register

  /** The least that is taken from the operating system at once, in bytes. */
  public static final long SMALLEST_BLOCK = (8L << 20) + (64L << 10); // powers of two plus slack

  private final Backend backend;
  private final String name;
  private final Arena arena = Arena.ofShared(); // worker threads read and write it too
  private final List<MemorySegment> blocks = new ArrayList<>();
  private int block;
  private long blockUsed;
  private long reservedBytes;
  private long usedBytes;
  private long peakBytes;
  private int generation;
  private boolean closed;

  Scope(Backend backend, String name) {
    this.backend = backend;
    this.name = name;
  }

  /** The backend that computes on this memory. */
  public Backend backend() {
    return backend;
  }

  /** A new tensor of zeros that needs no gradient. */
  public Tensor zeros(DType dtype, int... dims) {
    Tensor tensor = allocate(dtype, Shape.of(dims));
    tensor.data().fill((byte) 0);
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
    Tensor tensor = allocate(DType.F64, Shape.of(dims));
    tensor.copyFrom(MemorySegment.ofArray(values));
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
    return new Tensor(this, dtype, shape, allocateBytes(shape.size() * dtype.bytes()));
  }

  private MemorySegment allocateBytes(long bytes) {
    if (closed) {
      throw new IllegalStateException("scope '" + name + "' is closed");
    }
    long aligned = (bytes + SLACK + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    while (block < blocks.size() && blockUsed + aligned > blocks.get(block).byteSize()) {
      block++;
      blockUsed = 0;
    }
    if (block == blocks.size()) {
      blocks.add(reserve(Math.max(aligned, SMALLEST_BLOCK)));
    }
    MemorySegment segment = blocks.get(block).asSlice(blockUsed, aligned);
    blockUsed += aligned;
    usedBytes += aligned;
    peakBytes = Math.max(peakBytes, usedBytes);
    return segment;
  }

  private MemorySegment reserve(long bytes) {
    try {
      MemorySegment segment = arena.allocate(bytes, ALIGNMENT);
      reservedBytes += bytes;
      return segment;
    } catch (OutOfMemoryError e) {
      throw new OutOfTensorMemoryException(
          "out of memory: scope '%s' holds %,d MB and could not get %,d MB more; use a smaller model, batch or sequence length"
              .formatted(name, reservedBytes >> 20, bytes >> 20),
          e);
    }
  }

  /** Makes all memory free again; tensors allocated so far must not be used any more. */
  void reset() {
    block = 0;
    blockUsed = 0;
    usedBytes = 0;
    generation++;
  }

  /** How often this scope was reset: a tensor of an older generation is dead. */
  int generation() {
    return generation;
  }

  /** Bytes taken from the operating system; does not change after the first step. */
  public long reservedBytes() {
    return reservedBytes;
  }

  /** The largest number of bytes in use at once so far. */
  public long peakBytes() {
    return peakBytes;
  }

  /** Gives all memory back. Using a tensor of this scope afterwards throws. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      arena.close();
    }
  }

  @Override
  public String toString() {
    return "Scope[" + name + ", " + reservedBytes + " bytes]";
  }
}
