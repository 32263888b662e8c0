package dev.tiebreak.tensor;

import java.util.Arrays;

/**
 * The extents of a tensor, outermost first; the empty shape is a scalar. Immutable.
 *
 * <p>A tensor's last dimension is called its columns and all the others together its rows: most
 * operations of a transformer work on rows, whatever the number of dimensions in front.
 */
public final class Shape {
  private static final long MOST_ELEMENTS = 1L << 58; // their bytes must fit in a long

  private final int[] dims;

  private Shape(int[] dims) {
    this.dims = dims;
  }

  /** A shape; every extent must be at least 1. */
  public static Shape of(int... dims) {
    long size = 1;
    for (int dim : dims) {
      if (dim < 1) {
        throw new IllegalArgumentException("every extent must be >= 1: " + Arrays.toString(dims));
      }
      if (size > MOST_ELEMENTS / dim) {
        throw new IllegalArgumentException("too many elements: " + Arrays.toString(dims));
      }
      size *= dim;
    }
    return new Shape(dims.clone());
  }

  /** The number of dimensions. */
  public int rank() {
    return dims.length;
  }

  /** The extent of one dimension; negative numbers count from the end. */
  public int dim(int index) {
    return dims[axis(index)];
  }

  /** Turns a dimension that may count from the end (-1 is the last) into 0 .. rank-1. */
  public int axis(int index) {
    int axis = index < 0 ? index + dims.length : index;
    if (axis < 0 || axis >= dims.length) {
      throw new IllegalArgumentException("no dimension " + index + " in " + this);
    }
    return axis;
  }

  /** The number of elements. */
  public long size() {
    long size = 1;
    for (int dim : dims) {
      size *= dim;
    }
    return size;
  }

  /** The extent of the last dimension, 1 for a scalar. */
  public int columns() {
    return dims.length == 0 ? 1 : dims[dims.length - 1];
  }

  /** The number of rows: elements divided by columns. */
  public long rows() {
    return size() / columns();
  }

  /** This shape with one extent replaced. */
  public Shape with(int index, int extent) {
    int[] copy = dims.clone();
    copy[axis(index)] = extent;
    return of(copy);
  }

  /**
   * Another shape of as many elements; at most one extent may be -1, it is worked out.
   *
   * @throws IllegalArgumentException if there is no such shape
   */
  public Shape reshaped(int... dims) {
    int[] filled = dims.clone();
    int open = -1;
    long known = 1;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] != -1) {
        known *= dims[i];
      } else if (open >= 0) {
        throw new IllegalArgumentException("only one extent may be -1: " + Arrays.toString(dims));
      } else {
        open = i;
      }
    }
    if (open >= 0 && known > 0 && size() % known == 0) {
      filled[open] = Math.toIntExact(size() / known);
      known = size();
    }
    if (known != size()) {
      throw new IllegalArgumentException("cannot reshape " + this + " to " + Arrays.toString(dims));
    }
    return of(filled);
  }

  /** This shape without its last dimension. */
  public Shape withoutLast() {
    return new Shape(Arrays.copyOf(dims, Math.max(0, dims.length - 1)));
  }

  /** Whether {@code other} equals the trailing dimensions of this shape (a scalar always does). */
  public boolean endsWith(Shape other) {
    int lead = dims.length - other.dims.length;
    return lead >= 0 && Arrays.equals(dims, lead, dims.length, other.dims, 0, other.dims.length);
  }

  /** The extents as a new array. */
  public int[] toArray() {
    return dims.clone();
  }

  /** Row-major strides in elements. */
  long[] contiguousStrides() {
    long[] strides = new long[dims.length];
    long stride = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dims[i];
    }
    return strides;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
