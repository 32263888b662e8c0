package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.raw.cudnn.CudnnApi.*;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Operations that cuDNN fuses into one. Tensors and operations are added in the order in which
 * cuDNN is to see them, {@link #plan} finds an engine that can run them all, and {@link
 * CudnnPlan#bind} gives the plan its memory. Closing the graph closes all of it. cuDNN recognises
 * whole patterns: the operations, dimensions and types of a pattern must be just so.
 */
public final class CudnnGraph extends Resource {
  private static final long ALIGNMENT = 16;

  private final Cudnn cudnn;
  private final Arena arena = Arena.ofShared();
  private final List<CudnnDescriptor> owned = new ArrayList<>();
  private final List<CudnnDescriptor> operations = new ArrayList<>();
  private long nextId = 1;

  /** What a tensor is made of. */
  public enum Type {
    /** 32-bit floating point. */
    FLOAT32(CUDNN_DATA_FLOAT()),
    /** 32-bit integers. */
    INT32(CUDNN_DATA_INT32()),
    /** The upper half of 32-bit floating point. */
    BFLOAT16(CUDNN_DATA_BFLOAT16()),
    /** Truth values. */
    BOOLEAN(CUDNN_DATA_BOOLEAN());

    private final int code;

    Type(int code) {
      this.code = code;
    }
  }

  /** What is done element by element. */
  public enum Pointwise {
    /** y = x + b. */
    ADD(CUDNN_POINTWISE_ADD()),
    /** y = x * b. */
    MUL(CUDNN_POINTWISE_MUL()),
    /** y = x / b. */
    DIV(CUDNN_POINTWISE_DIV()),
    /** y = x - b. */
    SUB(CUDNN_POINTWISE_SUB()),
    /** y = e^x. */
    EXP(CUDNN_POINTWISE_EXP()),
    /** y = ln x. */
    LOG(CUDNN_POINTWISE_LOG()),
    /** y = x. */
    IDENTITY(CUDNN_POINTWISE_IDENTITY()),
    /** y = whether x is at least b. */
    CMP_GE(CUDNN_POINTWISE_CMP_GE());

    private final int code;

    Pointwise(int code) {
      this.code = code;
    }
  }

  /** What many elements become one by. */
  public enum Reduction {
    /** Their sum. */
    ADD(CUDNN_REDUCE_TENSOR_ADD()),
    /** Their maximum. */
    MAX(CUDNN_REDUCE_TENSOR_MAX());

    private final int code;

    Reduction(int code) {
      this.code = code;
    }
  }

  /** A tensor of a graph: what an operation reads or writes. */
  public static final class Edge {
    private final long id;
    private final CudnnDescriptor descriptor;

    private Edge(long id, CudnnDescriptor descriptor) {
      this.id = id;
      this.descriptor = descriptor;
    }

    long id() {
      return id;
    }
  }

  /** An empty graph. */
  public CudnnGraph(Cudnn cudnn) {
    super("a cuDNN graph");
    this.cudnn = cudnn;
    opened();
  }

  /** A tensor in memory; strides are in elements, and the memory begins at a multiple of 16. */
  public Edge tensor(Type type, long[] dimensions, long[] strides) {
    return edge(type, dimensions, strides, false, false);
  }

  /** A tensor that is written by one operation and read by another, and never in memory. */
  public Edge virtual(Type type, long[] dimensions, long[] strides) {
    return edge(type, dimensions, strides, true, false);
  }

  /** A float32 number that is the same for all elements, given when the plan is bound. */
  public Edge scalar() {
    long[] ones = {1, 1, 1, 1};
    return edge(Type.FLOAT32, ones, ones, false, true);
  }

  private Edge edge(
      Type type, long[] dimensions, long[] strides, boolean virtual, boolean byValue) {
    long id = nextId++;
    CudnnDescriptor tensor =
        own("tensor " + id, CUDNN_BACKEND_TENSOR_DESCRIPTOR())
            .code(CUDNN_ATTR_TENSOR_DATA_TYPE(), CUDNN_TYPE_DATA_TYPE(), type.code)
            .integers(CUDNN_ATTR_TENSOR_DIMENSIONS(), dimensions)
            .integers(CUDNN_ATTR_TENSOR_STRIDES(), strides)
            .integers(CUDNN_ATTR_TENSOR_UNIQUE_ID(), id)
            .integers(CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT(), ALIGNMENT)
            .flag(CUDNN_ATTR_TENSOR_IS_VIRTUAL(), virtual)
            .flag(CUDNN_ATTR_TENSOR_IS_BY_VALUE(), byValue);
    return new Edge(id, tensor.finish());
  }

  /** c = a * b, matrices in the last two dimensions. */
  public void matmul(Edge a, Edge b, Edge c) {
    CudnnDescriptor kind =
        own("a matmul", CUDNN_BACKEND_MATMUL_DESCRIPTOR())
            .code(CUDNN_ATTR_MATMUL_COMP_TYPE(), CUDNN_TYPE_DATA_TYPE(), Type.FLOAT32.code)
            .finish();
    operation("matmul", CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR())
        .descriptor(CUDNN_ATTR_OPERATION_MATMUL_ADESC(), a.descriptor)
        .descriptor(CUDNN_ATTR_OPERATION_MATMUL_BDESC(), b.descriptor)
        .descriptor(CUDNN_ATTR_OPERATION_MATMUL_CDESC(), c.descriptor)
        .descriptor(CUDNN_ATTR_OPERATION_MATMUL_DESC(), kind)
        .finish();
  }

  /** y = f(x). */
  public void pointwise(Pointwise f, Edge x, Edge y) {
    pointwise(f.name(), kind(f.name(), f.code, Type.FLOAT32), List.of(x), y);
  }

  /** y = f(x, b). */
  public void pointwise(Pointwise f, Edge x, Edge b, Edge y) {
    Type precision = f == Pointwise.CMP_GE ? Type.BOOLEAN : Type.FLOAT32;
    pointwise(f.name(), kind(f.name(), f.code, precision), List.of(x, b), y);
  }

  /** y = x where the mask holds, else b. */
  public void select(Edge x, Edge b, Edge mask, Edge y) {
    CudnnDescriptor kind = kind("SELECT", CUDNN_POINTWISE_BINARY_SELECT(), Type.FLOAT32);
    pointwise("SELECT", kind, List.of(x, b, mask), y);
  }

  /** y = the position of each element of x along a dimension. */
  public void index(int dimension, Edge x, Edge y) {
    CudnnDescriptor kind =
        unfinishedKind("INDEX", CUDNN_POINTWISE_GEN_INDEX(), Type.FLOAT32)
            .integers(CUDNN_ATTR_POINTWISE_AXIS(), dimension)
            .finish();
    pointwise("INDEX", kind, List.of(x), y);
  }

  private CudnnDescriptor kind(String name, int mode, Type precision) {
    return unfinishedKind(name, mode, precision).finish();
  }

  private CudnnDescriptor unfinishedKind(String name, int mode, Type precision) {
    return own(name, CUDNN_BACKEND_POINTWISE_DESCRIPTOR())
        .code(CUDNN_ATTR_POINTWISE_MODE(), CUDNN_TYPE_POINTWISE_MODE(), mode)
        .code(CUDNN_ATTR_POINTWISE_MATH_PREC(), CUDNN_TYPE_DATA_TYPE(), precision.code);
  }

  /** With x, and where there are more, b and the mask. */
  private void pointwise(String name, CudnnDescriptor kind, List<Edge> inputs, Edge y) {
    CudnnDescriptor operation =
        operation(name, CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR())
            .descriptor(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR(), kind);
    int[] roles = {
      CUDNN_ATTR_OPERATION_POINTWISE_XDESC(),
      CUDNN_ATTR_OPERATION_POINTWISE_BDESC(),
      CUDNN_ATTR_OPERATION_POINTWISE_TDESC()
    };
    for (int i = 0; i < inputs.size(); i++) {
      operation.descriptor(roles[i], inputs.get(i).descriptor);
    }
    operation
        .descriptor(CUDNN_ATTR_OPERATION_POINTWISE_YDESC(), y.descriptor)
        .real(CUDNN_ATTR_OPERATION_POINTWISE_ALPHA1(), 1)
        .real(CUDNN_ATTR_OPERATION_POINTWISE_ALPHA2(), 1)
        .finish();
  }

  /** y = x with each dimension in which y has size 1 reduced. */
  public void reduce(Reduction f, Edge x, Edge y) {
    CudnnDescriptor kind =
        own("a reduction", CUDNN_BACKEND_REDUCTION_DESCRIPTOR())
            .code(CUDNN_ATTR_REDUCTION_OPERATOR(), CUDNN_TYPE_REDUCTION_OPERATOR_TYPE(), f.code)
            .code(CUDNN_ATTR_REDUCTION_COMP_TYPE(), CUDNN_TYPE_DATA_TYPE(), Type.FLOAT32.code)
            .finish();
    operation("reduction", CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR())
        .descriptor(CUDNN_ATTR_OPERATION_REDUCTION_XDESC(), x.descriptor)
        .descriptor(CUDNN_ATTR_OPERATION_REDUCTION_YDESC(), y.descriptor)
        .descriptor(CUDNN_ATTR_OPERATION_REDUCTION_DESC(), kind)
        .finish();
  }

  /** y = the elements of x with other dimensions, strides or type. */
  public void reshape(Edge x, Edge y) {
    operation("reshape", CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR())
        .descriptor(CUDNN_ATTR_OPERATION_RESHAPE_XDESC(), x.descriptor)
        .descriptor(CUDNN_ATTR_OPERATION_RESHAPE_YDESC(), y.descriptor)
        .finish();
  }

  /**
   * Finds an engine for all of it; slow, so keep the plan.
   *
   * @throws CudaException if cuDNN has none, with what it says of the last one tried
   */
  public CudnnPlan plan() {
    CudnnDescriptor graph =
        own("the graph", CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR())
            .addresses(
                CUDNN_ATTR_OPERATIONGRAPH_HANDLE(), CUDNN_TYPE_HANDLE(), cudnn.handle().address())
            .descriptors(CUDNN_ATTR_OPERATIONGRAPH_OPS(), operations)
            .finish();
    return new CudnnPlan(this, graph);
  }

  Cudnn cudnn() {
    return cudnn;
  }

  /** Memory that lives as long as the graph. */
  Arena arena() {
    return arena;
  }

  /** A descriptor that is closed with the graph. */
  CudnnDescriptor own(String what, int type) {
    mustBeOpen();
    var descriptor = new CudnnDescriptor(what, type);
    owned.add(descriptor);
    return descriptor;
  }

  /** Leaves closing a descriptor to the caller. */
  void disown(CudnnDescriptor descriptor) {
    owned.remove(descriptor);
  }

  private CudnnDescriptor operation(String name, int type) {
    CudnnDescriptor operation =
        own(String.format(Locale.ROOT, "operation %d, %s", operations.size() + 1, name), type);
    operations.add(operation);
    return operation;
  }

  @Override
  void release() {
    owned.reversed().forEach(CudnnDescriptor::close);
    arena.close();
  }
}
