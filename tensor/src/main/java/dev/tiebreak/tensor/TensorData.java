package dev.tiebreak.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;

/**
 * The elements of a {@link Tensor}: what they are, where they lie, and how to get at them.
 *
 * <p>On the CPU they are host memory, on a GPU an address that Java cannot follow. Token ids on a
 * GPU are both: what the host wrote stays readable there. Reading floating-point elements of a GPU
 * waits for everything that was asked of it so far.
 */
abstract sealed class TensorData permits TensorOps {
  private static final int CHUNK = 1 << 12; // elements that one thread computes at a time

  final Scope scope;
  private int generation; // of the scope when this was made; -1 if given back before its end
  final DType dtype;
  final Shape shape;
  final long[] strides;
  private final long offset; // of the first element in data; 0 if contiguous
  final long offsetInBase; // of the first element in the base's storage
  final Place place; // of a strided view its base's, else its own
  private final MemorySegment data; // exactly the elements; null without host memory
  private final boolean contiguous;

  /**
   * Where memory begins.
   *
   * @param host memory that goes on past the elements, or null
   * @param device address, or 0
   */
  record Place(MemorySegment host, long device) {
    Place skip(long bytes) {
      return new Place(host == null ? null : host.asSlice(bytes), device == 0 ? 0 : device + bytes);
    }
  }

  TensorData(Scope scope, DType dtype, Shape shape, long[] strides, long offset, Place storage) {
    this.scope = scope;
    this.generation = scope.generation();
    this.dtype = dtype;
    this.shape = shape;
    this.strides = strides;
    this.offsetInBase = offset;
    this.contiguous = Arrays.equals(strides, shape.contiguousStrides());
    this.offset = contiguous ? 0 : offset;
    this.place = contiguous ? storage.skip(offset * dtype.bytes()) : storage;
    MemorySegment host = place.host;
    this.data = host == null || !contiguous ? host : host.asSlice(0, shape.size() * dtype.bytes());
  }

  /** The extents. */
  public Shape shape() {
    return shape;
  }

  /** The element type. */
  public DType dtype() {
    return dtype;
  }

  /** The number of elements. */
  public long size() {
    return shape.size();
  }

  /** The extent of one dimension; -1 is the last. */
  public int dim(int index) {
    return shape.dim(index);
  }

  /** The memory's owner. */
  public Scope scope() {
    return scope;
  }

  /** Where operations on this tensor run. */
  public Backend backend() {
    return scope.backend();
  }

  /** The CPU that operations on this tensor run on. */
  public CpuBackend cpu() {
    return switch (scope.backend()) {
      case CpuBackend cpu -> cpu;
      case CudaBackend cuda ->
          throw new IllegalStateException(this + " is on " + cuda.name() + ", not on the CPU");
    };
  }

  /**
   * The elements in host memory, row by row. Throws IllegalStateException for a strided view (take
   * {@code contiguous()} first), for a tensor of a step that has ended, and on a GPU.
   */
  public MemorySegment data() {
    mustBeRowMajor();
    return onHost(data);
  }

  /**
   * The same memory for vector loops: it goes on past the last element, at least by {@link
   * Scope#SLACK} bytes, so that a masked access of a row's last lanes is always in bounds. Write
   * nothing there.
   */
  public MemorySegment memory() {
    mustBeRowMajor();
    return onHost(place.host);
  }

  /** The host memory that {@link #offset} and {@link #stride} refer to. */
  MemorySegment storage() {
    checkAlive();
    return onHost(data);
  }

  /** The GPU's address of the first element, the rest behind it row by row. */
  public long address() {
    mustBeRowMajor();
    return onDevice();
  }

  /** The GPU's address that {@link #offset} and {@link #stride} refer to. */
  long storageAddress() {
    checkAlive();
    return onDevice();
  }

  private MemorySegment onHost(MemorySegment segment) {
    if (backend().isDry()) {
      return MemorySegment.NULL;
    }
    if (segment == null) {
      throw new IllegalStateException(this + " is on " + backend().name() + ": copy it out");
    }
    return segment;
  }

  private long onDevice() {
    if (place.device == 0 && !backend().isDry()) {
      throw new IllegalStateException(this + " is on the CPU: it has no address on a GPU");
    }
    return place.device;
  }

  private boolean isOnDevice() {
    return place.device != 0 && !backend().isDry();
  }

  /** The first element's place in {@link #storage}, in elements. */
  long offset() {
    return offset;
  }

  /** Elements between neighbours along one dimension. */
  long stride(int index) {
    return strides[shape.axis(index)];
  }

  /** Whether the elements lie row by row without gaps. */
  public boolean isContiguous() {
    return contiguous;
  }

  /** Whether it begins where kernels and matrix products want a tensor to begin. */
  public boolean isAligned() {
    return place.device % Scope.DEVICE_ALIGNMENT == 0;
  }

  /** Makes every further use an error. */
  final void end() {
    generation = -1;
  }

  final void checkAlive() {
    if (generation == -1) {
      throw new IllegalStateException(
          this + " was given back: its backward has run; read it before, or detach a copy");
    }
    if (generation != scope.generation()) {
      throw new IllegalStateException(this + " belongs to a step of " + scope + " that has ended");
    }
  }

  private void mustBeRowMajor() {
    checkAlive();
    if (!contiguous) {
      throw new IllegalStateException("a strided view has no row-major data: " + this);
    }
  }

  // ---- elements, one at a time: for scalar twins, tests and logs --------------------------------

  /** Element {@code index} of the row-major order, as a double. */
  public double get(long index) {
    mustBeRowMajor();
    if (data != null) {
      return dtype.get(data, index);
    }
    if (backend().isDry()) {
      return 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocate(dtype.bytes());
      cuda().transfers().out(one, place.device + index * dtype.bytes());
      return dtype.get(one, 0);
    }
  }

  /** Sets element {@code index} of the row-major order, rounded to this type. */
  public void set(long index, double value) {
    mustBeRowMajor();
    if (data != null) {
      dtype.set(data, index, value);
    }
    if (isOnDevice()) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment one = arena.allocate(dtype.bytes());
        dtype.set(one, 0, value);
        cuda().transfers().in(place.device + index * dtype.bytes(), one);
      }
    }
  }

  /** The element of {@link #storage} at {@code place}, for walks along strides. */
  double getStored(long place) {
    return dtype.get(storage(), place);
  }

  /** Sets it. */
  void setStored(long place, double value) {
    dtype.set(storage(), place, value);
  }

  /** Adds to element {@code index} if {@code add}, else replaces it. */
  void put(long index, double value, boolean add) {
    set(index, add ? get(index) + value : value);
  }

  /** Element {@code index} of a token tensor; does not wait for a GPU. */
  public int getInt(long index) {
    return backend().isDry() ? 0 : data().getAtIndex(ValueLayout.JAVA_INT, index);
  }

  /** The only element. Throws IllegalStateException if there are more. */
  public double item() {
    if (size() != 1) {
      throw new IllegalStateException("item() needs one element, shape is " + shape);
    }
    return get(0);
  }

  /** All elements as a new array. */
  public double[] toDoubles() {
    if (backend().isDry()) {
      return new double[Math.toIntExact(size())];
    }
    MemorySegment elements = copyOut();
    return LongStream.range(0, size()).mapToDouble(i -> dtype.get(elements, i)).toArray();
  }

  /** All elements of a float32 tensor as a new array. */
  public float[] toFloats() {
    if (dtype != DType.F32) {
      throw new IllegalStateException("toFloats() needs F32, this is " + this);
    }
    return copyOut().toArray(ValueLayout.JAVA_FLOAT);
  }

  /** The raw elements in host memory: the very memory of a tensor that has some, else a copy. */
  public MemorySegment copyOut() {
    mustBeRowMajor();
    if (data != null) {
      return data;
    }
    MemorySegment copy = Arena.ofAuto().allocate(size() * dtype.bytes(), Scope.ALIGNMENT);
    if (!backend().isDry()) {
      cuda().transfers().out(copy, place.device);
    }
    return copy;
  }

  /** Overwrites all elements with raw values of the same type, which may be changed at once. */
  public void copyFrom(MemorySegment values) {
    mustBeRowMajor();
    if (values.byteSize() != size() * dtype.bytes()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s holds %d bytes, got %d",
              this,
              size() * dtype.bytes(),
              values.byteSize()));
    }
    if (data != null) {
      data.copyFrom(values);
    }
    if (isOnDevice()) {
      cuda().transfers().in(place.device, values);
    }
  }

  /** Lets {@code writer} overwrite all elements in host memory of this type, row by row. */
  public void write(Consumer<MemorySegment> writer) {
    mustBeRowMajor();
    if (backend().isDry()) {
      return;
    }
    try (Arena arena = data == null ? Arena.ofShared() : null) {
      MemorySegment target =
          data == null ? arena.allocate(size() * dtype.bytes(), Scope.ALIGNMENT) : data;
      writer.accept(target);
      if (isOnDevice()) {
        cuda().transfers().in(place.device, target);
      }
    }
  }

  /** Sets every element to a function of its place, computed in parallel on the host. */
  public void fill(LongToDoubleFunction element) {
    long size = size();
    write(values ->
        LongStream.rangeClosed(0, (size - 1) / CHUNK)
            .parallel()
            .forEach(chunk -> {
              long end = Math.min(size, (chunk + 1) * CHUNK);
              for (long i = chunk * CHUNK; i < end; i++) {
                dtype.set(values, i, element.applyAsDouble(i));
              }
            }));
  }

  /** Overwrites all elements with numbers in row-major order, rounded to this type. */
  public void copyFrom(double[] values) {
    long bytes = (long) values.length * dtype.bytes();
    MemorySegment rounded = // of longs, so that every type is aligned
        MemorySegment.ofArray(new long[(int) Math.ceilDiv(bytes, Long.BYTES)]).asSlice(0, bytes);
    for (int i = 0; i < values.length; i++) {
      dtype.set(rounded, i, values[i]);
    }
    copyFrom(rounded);
  }

  /** Overwrites all elements with those of a tensor of the same shape, converting the type. */
  public void copyFrom(Tensor other) {
    if (!shape.equals(other.shape)) {
      throw new IllegalArgumentException("cannot copy " + other.shape + " into " + shape);
    }
    if (backend().isDry()) {
      return;
    }
    if (dtype != other.dtype) {
      MemorySegment values = other.copyOut();
      fill(i -> other.dtype.get(values, i));
    } else if (backend() == other.backend()
        && backend() instanceof CudaBackend cuda
        && data == null) {
      cuda.stream().copy(address(), other.address(), size() * dtype.bytes());
    } else {
      copyFrom(other.copyOut());
    }
  }

  /** Sets all elements to 0. */
  public void zero() {
    mustBeRowMajor();
    if (data != null) {
      data.fill((byte) 0);
    }
    if (isOnDevice()) {
      cuda().stream().zero(place.device, size() * dtype.bytes());
    }
  }

  private CudaBackend cuda() {
    return switch (backend()) {
      case CudaBackend cuda -> cuda;
      case CpuBackend cpu -> throw new IllegalStateException(this + " is on the CPU");
    };
  }

  @Override
  public String toString() {
    return "Tensor" + shape + " " + dtype;
  }
}
