package dev.tiebreak.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * An n-dimensional array off the Java heap that can remember how it was computed.
 *
 * <p>A tensor owns nothing: its memory belongs to a {@link Scope}. Views (reshape, slice,
 * transpose) share memory with their base, and their gradients share memory with the base's
 * gradient. The mathematical operations are inherited from {@link TensorOps}, one line each, and
 * stand in {@code dev.tiebreak.tensor.op}, one file each.
 *
 * <p>Gradients accumulate: the first contribution after {@link #clearGradient} overwrites, later
 * ones add. An operation's backward asks {@link #startGradient} which of the two it has to do.
 */
public final class Tensor implements TensorOps {
  private final Scope scope;
  private final int generation;
  private final DType dtype;
  private final Shape shape;
  private final long[] strides;
  private final long offset; // of the first element in data; 0 if contiguous
  private final long offsetInBase; // of the first element in the base's storage
  private final MemorySegment data; // exactly the elements; of a strided view, its base's
  private final MemorySegment memory; // begins where data does and goes on past its end
  private final Tensor base; // null unless this is a view
  private final boolean contiguous;

  private boolean requiresGradient;
  private Tensor gradient;
  private boolean gradientStarted;
  private Runnable backward;
  private Consumer<Tensor> gradientHook;

  /** A tensor of its own; the memory must go on past the last element by {@link Scope#SLACK}. */
  Tensor(Scope scope, DType dtype, Shape shape, MemorySegment memory) {
    this(scope, dtype, shape, shape.contiguousStrides(), 0, memory, memory, null);
  }

  private Tensor(
      Scope scope,
      DType dtype,
      Shape shape,
      long[] strides,
      long offset,
      MemorySegment storage,
      MemorySegment memory,
      Tensor base) {
    this.scope = scope;
    this.generation = scope.generation();
    this.dtype = dtype;
    this.shape = shape;
    this.strides = strides;
    this.base = base;
    this.offsetInBase = offset;
    this.contiguous = Arrays.equals(strides, shape.contiguousStrides());
    this.offset = contiguous ? 0 : offset;
    long skipped = offset * dtype.bytes();
    this.data = contiguous ? storage.asSlice(skipped, shape.size() * dtype.bytes()) : storage;
    this.memory = contiguous ? memory.asSlice(skipped) : memory;
  }

  @Override
  public Tensor self() {
    return this;
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
    };
  }

  /**
   * The elements, row by row. Throws IllegalStateException for a strided view (take {@link
   * #contiguous} first) and for a tensor of a step that has ended.
   */
  public MemorySegment data() {
    checkAlive();
    if (!contiguous) {
      throw new IllegalStateException("a strided view has no row-major data: " + this);
    }
    return data;
  }

  /**
   * The same memory for vector loops: it goes on past the last element, at least by {@link
   * Scope#SLACK} bytes, so that a masked access of a row's last lanes is always in bounds. Write
   * nothing there.
   */
  public MemorySegment memory() {
    data();
    return memory;
  }

  /** The memory that {@link #offset} and {@link #stride} refer to. */
  public MemorySegment storage() {
    checkAlive();
    return data;
  }

  /** The first element's place in {@link #storage}, in elements. */
  public long offset() {
    return offset;
  }

  /** Elements between neighbours along one dimension. */
  public long stride(int index) {
    return strides[shape.axis(index)];
  }

  /** Whether the elements lie row by row without gaps. */
  public boolean isContiguous() {
    return contiguous;
  }

  private void checkAlive() {
    if (generation != scope.generation()) {
      throw new IllegalStateException(this + " belongs to a step of " + scope + " that has ended");
    }
  }

  // ---- elements, one at a time: for scalar twins, tests and logs --------------------------------

  /** Element {@code index} of the row-major order, as a double. */
  public double get(long index) {
    return switch (dtype) {
      case F32 -> data().getAtIndex(ValueLayout.JAVA_FLOAT, index);
      case F64 -> data().getAtIndex(ValueLayout.JAVA_DOUBLE, index);
      case I32 -> data().getAtIndex(ValueLayout.JAVA_INT, index);
    };
  }

  /** Sets element {@code index} of the row-major order, rounded to this type. */
  public void set(long index, double value) {
    switch (dtype) {
      case F32 -> data().setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
      case F64 -> data().setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
      case I32 -> data().setAtIndex(ValueLayout.JAVA_INT, index, (int) value);
    }
  }

  /** Adds to element {@code index} if {@code add}, else replaces it. */
  public void put(long index, double value, boolean add) {
    set(index, add ? get(index) + value : value);
  }

  /** Element {@code index} of a token tensor. */
  public int getInt(long index) {
    return data().getAtIndex(ValueLayout.JAVA_INT, index);
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
    return LongStream.range(0, size()).mapToDouble(this::get).toArray();
  }

  /** All elements of a float32 tensor as a new array. */
  public float[] toFloats() {
    if (dtype != DType.F32) {
      throw new IllegalStateException("toFloats() needs F32, this is " + this);
    }
    return data().toArray(ValueLayout.JAVA_FLOAT);
  }

  /** Overwrites all elements with raw values of the same type. */
  public void copyFrom(MemorySegment values) {
    if (values.byteSize() != data().byteSize()) {
      throw new IllegalArgumentException(
          "%s holds %d bytes, got %d".formatted(this, data.byteSize(), values.byteSize()));
    }
    data.copyFrom(values);
  }

  /** Overwrites all elements with those of a tensor of the same shape, converting the type. */
  public void copyFrom(Tensor other) {
    if (!shape.equals(other.shape)) {
      throw new IllegalArgumentException("cannot copy " + other.shape + " into " + shape);
    }
    if (dtype == other.dtype) {
      copyFrom(other.data());
    } else {
      for (long i = 0; i < size(); i++) {
        set(i, other.get(i));
      }
    }
  }

  // ---- making tensors ---------------------------------------------------------------------------

  /** A new tensor of the same type and shape in the open tape's scope, not yet written. */
  public Tensor like() {
    return result(shape);
  }

  /** A new tensor of the same type and another shape in the open tape's scope, not yet written. */
  public Tensor result(Shape resultShape) {
    return backend().tape().scope().allocate(dtype, resultShape);
  }

  /** The same elements in another shape; at most one extent may be -1 (worked out). A view. */
  public Tensor reshape(int... dims) {
    Tensor source = contiguous();
    Shape target = shape.reshaped(dims);
    return target.equals(shape) ? source : source.view(target, target.contiguousStrides(), 0);
  }

  /** Elements {@code from .. from+length-1} along one dimension. A view. */
  public Tensor slice(int index, int from, int length) {
    int axis = shape.axis(index);
    long to = (long) from + length;
    if (from < 0 || length < 1 || to > shape.dim(axis)) {
      throw new IllegalArgumentException(
          "slice [%d, %d) is outside dimension %d of %s".formatted(from, to, axis, shape));
    }
    return view(shape.with(axis, length), strides, offset + from * strides[axis]);
  }

  /** Two dimensions exchanged. A view. */
  public Tensor transpose(int first, int second) {
    int a = shape.axis(first);
    int b = shape.axis(second);
    long[] swapped = strides.clone();
    swapped[a] = strides[b];
    swapped[b] = strides[a];
    return view(shape.with(a, shape.dim(b)).with(b, shape.dim(a)), swapped, offset);
  }

  /** The same elements, cut off from the tape: no gradient flows back through the result. */
  public Tensor detach() {
    checkAlive();
    return new Tensor(scope, dtype, shape, strides, offset, data, memory, null);
  }

  private Tensor view(Shape viewShape, long[] viewStrides, long viewOffset) {
    checkAlive();
    Tensor view = new Tensor(scope, dtype, viewShape, viewStrides, viewOffset, data, memory, this);
    view.requiresGradient = requiresGradient;
    return view;
  }

  // ---- gradients --------------------------------------------------------------------------------

  /** Makes this tensor one whose gradient is wanted: a weight. Returns this. */
  public Tensor requireGradient() {
    if (!dtype.isFloat()) {
      throw new IllegalStateException("token ids have no gradient");
    }
    requiresGradient = true;
    return this;
  }

  /** Whether a backward pass computes this tensor's gradient. */
  public boolean requiresGradient() {
    return requiresGradient;
  }

  /** Whether anything has been added to the gradient since it was cleared. */
  public boolean hasGradient() {
    return root().gradientStarted;
  }

  /** The gradient, same shape; null until memory for it exists. */
  public Tensor gradient() {
    if (gradient == null && base != null && base.gradient() != null) {
      Tensor g = base.gradient();
      gradient = new Tensor(g.scope, dtype, shape, strides, offsetInBase, g.data, g.memory, null);
    }
    return gradient;
  }

  /**
   * Prepares for a contribution to the gradient.
   *
   * @return true if the contribution must be added to {@link #gradient}; false if it is the first
   *     and must overwrite every element
   */
  public boolean startGradient() {
    if (base != null) {
      return startGradientOfView();
    }
    if (gradient == null) {
      // A recorded result may share a weight's memory; its gradient still lives for one step only.
      Scope owner = backward == null ? scope : backend().tape().scope();
      gradient = owner.allocate(dtype, shape);
    }
    boolean add = gradientStarted;
    gradientStarted = true;
    return add;
  }

  private boolean startGradientOfView() {
    boolean part = size() < base.size() || !contiguous || !base.contiguous;
    boolean add = base.startGradient();
    if (part && !add) {
      base.gradient().storage().fill((byte) 0); // the view may write only some of it
    }
    return add || part;
  }

  /**
   * Forgets the gradient's value but keeps its memory; the next contribution overwrites it. A view
   * has no gradient of its own: its base's is forgotten.
   */
  public void clearGradient() {
    root().gradientStarted = false;
  }

  private Tensor root() {
    return base == null ? this : base.root();
  }

  /**
   * Puts this result on the open tape.
   *
   * @param runBackward adds to the gradients of the inputs, given this tensor's {@link #gradient};
   *     it runs only if there is one
   * @param inputs what the result depends on; nothing is recorded if none requires a gradient
   * @return this
   */
  public Tensor record(Runnable runBackward, Tensor... inputs) {
    Tape tape = backend().tape();
    if (tape.isRecording() && Arrays.stream(inputs).anyMatch(Tensor::requiresGradient)) {
      requiresGradient = true;
      backward = runBackward;
      tape.add(this);
    }
    return this;
  }

  void runBackward() {
    if (gradientStarted) {
      backward.run();
    }
  }

  /**
   * Registers what to do with this weight's gradient once it is complete, that is, once every
   * micro-batch of a step has been run backwards; the hook may change the gradient in place.
   */
  public void onGradientReady(Consumer<Tensor> hook) {
    gradientHook = gradientHook == null ? hook : gradientHook.andThen(hook);
  }

  /** Runs the hooks of {@link #onGradientReady} if there is a gradient. Once per optimizer step. */
  public void gradientReady() {
    if (gradientHook != null && gradientStarted) {
      gradientHook.accept(gradient);
    }
  }

  @Override
  public String toString() {
    return "Tensor" + shape + " " + dtype;
  }
}
