package dev.tiebreak.tensor;

import java.util.Arrays;
import java.util.Locale;

/**
 * An n-dimensional array off the Java heap that can remember how it was computed.
 *
 * <p>A tensor owns nothing: its memory belongs to a {@link Scope}. Views (reshape, slice,
 * transpose) share memory with their base, and their gradients share memory with the base's
 * gradient. The mathematical operations are inherited, one line each, and stand in a file each; all
 * of them are methods, but for attention, which has a package of its own, and those that you write:
 * see {@link Operation}.
 *
 * <p>Gradients accumulate: the first contribution after {@link #clearGradient} overwrites, later
 * ones add.
 */
public final class Tensor extends TensorOps {
  /** Smaller results stay readable after the backward pass: losses, statistics. */
  private static final long SMALLEST_GIVEN_BACK = 64 << 10; // bytes

  private final Tensor base; // null unless this is a view
  private final Scope.Memory memory; // null unless it has memory of its own

  private boolean requiresGradient;
  private DType gradientType;
  private Tensor gradient;
  private boolean gradientStarted;
  private int contributions; // how often startGradient was called on this very tensor or view
  private Runnable backward;
  private Class<?> operation; // whose backward it is

  /** A tensor of its own; host memory must go on past the last element by {@link Scope#SLACK}. */
  Tensor(Scope scope, DType dtype, Shape shape, Place place, Scope.Memory memory) {
    this(scope, dtype, shape, shape.contiguousStrides(), 0, place, null, memory);
  }

  private Tensor(
      Scope scope,
      DType dtype,
      Shape shape,
      long[] strides,
      long offset,
      Place storage,
      Tensor base,
      Scope.Memory memory) {
    super(scope, dtype, shape, strides, offset, storage);
    this.base = base;
    this.memory = memory;
    this.gradientType = dtype;
  }

  @Override
  Tensor self() {
    return this;
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

  /**
   * A new tensor for sums, statistics and losses, of the {@link DType#wide} type, in the open
   * tape's scope, not yet written.
   */
  public Tensor wideResult(Shape resultShape) {
    return backend().tape().scope().allocate(dtype.wide(), resultShape);
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
          String.format(
              Locale.ROOT, "slice [%d, %d) is outside dimension %d of %s", from, to, axis, shape));
    }
    return view(shape.with(axis, length), strides, offset() + from * strides[axis]);
  }

  /** Two dimensions exchanged. A view. */
  public Tensor transpose(int first, int second) {
    int a = shape.axis(first);
    int b = shape.axis(second);
    long[] swapped = strides.clone();
    swapped[a] = strides[b];
    swapped[b] = strides[a];
    return view(shape.with(a, shape.dim(b)).with(b, shape.dim(a)), swapped, offset());
  }

  /** The same elements, cut off from the tape: no gradient flows back through the result. */
  public Tensor detach() {
    checkAlive();
    return new Tensor(scope, dtype, shape, strides, offset(), place, null, null);
  }

  private Tensor view(Shape viewShape, long[] viewStrides, long viewOffset) {
    checkAlive();
    Tensor view = new Tensor(scope, dtype, viewShape, viewStrides, viewOffset, place, this, null);
    view.requiresGradient = requiresGradient;
    return view;
  }

  // ---- changing them: not recorded, for gradient hooks, updates and restored state --------------

  /** this = factor * this. */
  public void scaleInPlace(double factor) {
    InPlace.scale(this, factor);
  }

  /**
   * this = factor * this.
   *
   * @param factor one element of the {@link DType#wide} type; nothing waits for it
   */
  public void scaleInPlace(Tensor factor) {
    InPlace.scale(this, factor);
  }

  // ---- gradients --------------------------------------------------------------------------------

  /** Makes this tensor one whose gradient is wanted: a weight. Returns this. */
  public Tensor requireGradient() {
    return requireGradient(dtype);
  }

  /** The same with a gradient of another type, such as F32 for a BF16 weight. */
  public Tensor requireGradient(DType type) {
    if (!dtype.isFloat()) {
      throw new IllegalStateException("token ids have no gradient");
    }
    requiresGradient = true;
    gradientType = type;
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
      gradient = new Tensor(g.scope, g.dtype, shape, strides, offsetInBase, g.place, null, null);
    }
    return gradient;
  }

  /**
   * Prepares for a contribution to the gradient.
   *
   * @return true if the contribution must be added to {@link #gradient}; false if it is the first
   *     and must overwrite every element
   */
  boolean startGradient() {
    contributions++;
    if (base != null) {
      return startGradientOfView();
    }
    if (gradient == null) {
      // A recorded result may share a weight's memory; its gradient still lives for one step only.
      Scope owner = backward == null ? scope : backend().tape().scope();
      gradient = owner.allocate(gradientType, shape);
    }
    boolean add = gradientStarted;
    gradientStarted = true;
    return add;
  }

  /**
   * The same for an operation that is the last to read this tensor's elements: the gradient may
   * take their place. It does so for a recorded result; anything else gets memory for its gradient.
   */
  boolean startGradientInPlace() {
    if (gradient == null && base == null && backward != null && gradientType == dtype) {
      gradient = new Tensor(scope, dtype, shape, place, null);
    }
    return startGradient();
  }

  int contributions() {
    return contributions;
  }

  private boolean startGradientOfView() {
    boolean part = size() < base.size() || !isContiguous() || !base.isContiguous();
    boolean add = base.startGradient();
    if (part && !add) {
      base.gradient().zero(); // the view may write only some of it
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
  Tensor record(Runnable runBackward, Tensor... inputs) {
    return record(runBackward, runBackward.getClass(), inputs);
  }

  /** The same where {@code runBackward} is not a lambda of the operation's own class. */
  Tensor record(Runnable runBackward, Class<?> of, Tensor... inputs) {
    Tape tape = backend().tape();
    if (tape.isRecording() && Arrays.stream(inputs).anyMatch(Tensor::requiresGradient)) {
      requiresGradient = true;
      backward = runBackward;
      operation = of;
      tape.add(this);
    }
    return this;
  }

  Class<?> operation() {
    return operation;
  }

  void runBackward() {
    if (hasGradient()) { // also of a view that took its base's place
      backward.run();
    }
  }

  /**
   * Gives back a recorded result and its gradient once its backward has run. No operation reads
   * them any more: later ones have run theirs, and earlier ones do not know it.
   */
  void giveBackAfterBackward() {
    if (gradient != null) {
      gradient.giveBack();
    }
    giveBack();
  }

  /**
   * Gives the memory back before the step ends: for what an operation needs only while it runs.
   * Kernels run in order, so it may be done once the last one that uses it is asked for. Using the
   * tensor afterwards is an error. Less than 64 KiB are kept.
   */
  public void giveBack() {
    if (memory != null && size() * dtype.bytes() >= SMALLEST_GIVEN_BACK) {
      scope.giveBack(memory);
      end();
    }
  }
}
