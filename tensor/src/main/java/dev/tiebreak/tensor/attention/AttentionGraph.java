package dev.tiebreak.tensor.attention;

import dev.tiebreak.bindings.cuda.Cudnn;
import dev.tiebreak.bindings.cuda.CudnnGraph;
import dev.tiebreak.bindings.cuda.CudnnGraph.Edge;
import dev.tiebreak.bindings.cuda.CudnnGraph.Pointwise;
import dev.tiebreak.bindings.cuda.CudnnGraph.Reduction;
import dev.tiebreak.bindings.cuda.CudnnGraph.Type;
import dev.tiebreak.bindings.cuda.CudnnPlan;
import dev.tiebreak.bindings.cuda.DeviceBuffer;
import dev.tiebreak.tensor.attention.CudnnAttention.Sizes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Causal attention as cuDNN's engines know it: the very operations, in the very order, with the
 * dimensions, strides and types, that NVIDIA's cudnn-frontend hands to cuDNN. An engine recognises
 * the whole pattern and runs it as one kernel; where a detail differs, none does. Tensors between
 * two operations are float32 unless said otherwise. Reads and writes the packed layout (B, T, (H +
 * 2 KV) D) where it lies.
 */
final class AttentionGraph implements AutoCloseable {
  private static final Type BF16 = Type.BFLOAT16;
  private static final Type F32 = Type.FLOAT32;

  private final CudnnGraph graph;
  private final Sizes sizes;
  private final List<Edge> tensors = new ArrayList<>(); // in the order of bind's addresses
  private final Map<Edge, Long> own = new LinkedHashMap<>(); // what nobody else sees
  private final Map<Edge, Float> scalars = new LinkedHashMap<>();
  private final List<DeviceBuffer> buffers = new ArrayList<>();
  private CudnnPlan plan;
  private long workspace;

  private AttentionGraph(Cudnn cudnn, Sizes sizes) {
    this.graph = new CudnnGraph(cudnn);
    this.sizes = sizes;
  }

  /** Writes its part of a graph. */
  private interface Part {
    void add(AttentionGraph to);
  }

  /**
   * The forward pass; binds q, k, v, o and the log-sum-exp.
   *
   * @param lowest what a score is that must not be seen
   * @throws dev.tiebreak.bindings.cuda.CudaException if cuDNN has no engine for it, or there is no
   *     memory for the engine's workspace
   */
  static AttentionGraph forward(Cudnn cudnn, Sizes sizes, float lowest) {
    return planned(cudnn, sizes, graph -> graph.addForward(lowest));
  }

  /**
   * The backward pass, the variant that gives the same bytes every time; binds q, k, v, o, dO, the
   * log-sum-exp, dQ, dK and dV.
   *
   * @param keys the type of the keys on their way into the last product
   */
  static AttentionGraph backward(Cudnn cudnn, Sizes sizes, float lowest, Type keys) {
    return planned(cudnn, sizes, graph -> graph.addBackward(lowest, keys));
  }

  private static AttentionGraph planned(Cudnn cudnn, Sizes sizes, Part part) {
    AttentionGraph made = new AttentionGraph(cudnn, sizes);
    try {
      part.add(made);
      made.plan = made.graph.plan();
      long bytes = made.plan.workspaceBytes();
      made.workspace = bytes == 0 ? 0 : made.buffer(bytes);
      return made;
    } catch (RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private long buffer(long bytes) {
    DeviceBuffer buffer = DeviceBuffer.allocate(bytes);
    buffers.add(buffer);
    return buffer.address();
  }

  private void addForward(float lowestScore) {
    Edge q = tensor(BF16, heads(sizes.heads(), sizes.packedRow()));
    Edge k = tensor(BF16, transposed(heads(sizes.kvHeads(), sizes.packedRow())));
    Edge v = tensor(BF16, heads(sizes.kvHeads(), sizes.packedRow()));
    Edge o = tensor(BF16, heads(sizes.heads(), sizes.outputRow()));
    Edge logSumExp = tensor(F32, row());
    Edge scale = scalar((float) sizes.scale());
    Edge lowest = scalar(lowestScore);

    Edge raw = product(q, k);
    Edge scaled = then(Pointwise.MUL, raw, scale, scores());
    Edge seen = masked(scaled, lowest);
    Edge largest = virtual(F32, row());
    graph.reduce(Reduction.MAX, seen, largest);
    Edge below = then(Pointwise.SUB, seen, largest, scores());
    Edge weights = virtual(F32, scores());
    graph.pointwise(Pointwise.EXP, below, weights);
    Edge total = virtual(F32, row());
    graph.reduce(Reduction.ADD, weights, total);
    Edge logTotal = virtual(F32, row());
    graph.pointwise(Pointwise.LOG, total, logTotal);
    graph.pointwise(Pointwise.ADD, largest, logTotal, logSumExp);
    Edge p = virtual(BF16, scores());
    graph.pointwise(Pointwise.DIV, weights, total, p);
    graph.matmul(p, v, o);
  }

  private void addBackward(float lowestScore, Type keyType) {
    Layout queries = heads(sizes.heads(), sizes.packedRow());
    Layout keys = heads(sizes.kvHeads(), sizes.packedRow());
    Layout outputs = heads(sizes.heads(), sizes.outputRow());
    Edge q = tensor(BF16, queries);
    Edge k = tensor(BF16, transposed(keys));
    Edge v = tensor(BF16, transposed(keys));
    Edge o = tensor(BF16, outputs);
    Edge dO = tensor(BF16, outputs);
    Edge logSumExp = tensor(F32, row());
    Edge dq = tensor(BF16, queries);
    Edge dk = tensor(BF16, keys);
    Edge dv = tensor(BF16, keys);
    Edge scale = scalar((float) sizes.scale());
    Edge lowest = scalar(lowestScore);
    Edge delta = sumOfProducts(dO, o);

    Edge raw = product(q, k);
    Edge scaled = then(Pointwise.MUL, raw, scale, scores());
    Edge below = then(Pointwise.SUB, scaled, logSumExp, scores());
    Edge seen = masked(below, lowest);
    Edge p = virtual(F32, scores());
    graph.pointwise(Pointwise.EXP, seen, p);
    multiplyAndSumHeads(turned(p), dO, dv);

    Edge dp = product(dO, v);
    Edge centred = then(Pointwise.SUB, dp, delta, scores());
    Edge weighted = then(Pointwise.MUL, centred, p, scores());
    Edge ds = then(Pointwise.MUL, weighted, scale, scores());
    multiplyAndSumHeads(turned(ds), q, dk);

    Edge upright = virtual(keyType, keys);
    graph.reshape(k, upright);
    graph.matmul(ds, upright, dq);
  }

  /** The sum of dO O along a row, in memory of our own; times 1 because the pattern says so. */
  private Edge sumOfProducts(Edge dO, Edge o) {
    Edge one = scalar(1);
    Edge products = then(Pointwise.MUL, dO, o, productsOfOutputs());
    Edge sum = virtual(F32, row());
    graph.reduce(Reduction.ADD, products, sum);
    Layout rows = row();
    Edge delta = graph.tensor(F32, rows.dimensions, rows.strides);
    own.put(delta, buffer((long) sizes.batch() * rows.strides[0] * Float.BYTES));
    graph.pointwise(Pointwise.MUL, sum, one, delta);
    return delta;
  }

  /** c = a b; where query heads share a key head, their products are added up. */
  private void multiplyAndSumHeads(Edge a, Edge b, Edge c) {
    if (sizes.heads() == sizes.kvHeads()) {
      graph.matmul(a, b, c);
    } else {
      long h = sizes.heads();
      long t = sizes.length();
      long d = sizes.size();
      Edge all = virtual(BF16, new Layout(dims(h, t, d), new long[] {h * t * d, t * d, d, 1}));
      graph.matmul(a, b, all);
      graph.reduce(Reduction.ADD, all, c);
    }
  }

  /** Scores that are not to be seen replaced. */
  private Edge masked(Edge x, Edge lowest) {
    Edge query = virtual(Type.INT32, scores());
    graph.index(2, x, query);
    Edge key = virtual(Type.INT32, scores());
    graph.index(3, x, key);
    Edge visible = virtual(Type.BOOLEAN, scores());
    graph.pointwise(Pointwise.CMP_GE, query, key, visible);
    Edge y = virtual(F32, scores());
    graph.select(x, lowest, visible, y);
    return y;
  }

  private Edge product(Edge a, Edge b) {
    Edge y = virtual(F32, scores());
    graph.matmul(a, b, y);
    return y;
  }

  private Edge then(Pointwise f, Edge x, Edge b, Layout layout) {
    Edge y = virtual(F32, layout);
    graph.pointwise(f, x, b, y);
    return y;
  }

  /** Scores as rows of keys, for a product. */
  private Edge turned(Edge x) {
    long t = sizes.length();
    long h = sizes.heads();
    Edge y = virtual(BF16, new Layout(dims(h, t, t), new long[] {h * t * t, t * t, 1, t}));
    graph.reshape(x, y);
    return y;
  }

  // ---- layouts: dimensions and strides in elements, of (B, heads, T, columns)
  // --------------------

  private record Layout(long[] dimensions, long[] strides) {}

  private long[] dims(long heads, long rows, long columns) {
    return new long[] {sizes.batch(), heads, rows, columns};
  }

  /** Heads side by side in rows of so many elements. */
  private Layout heads(long heads, long rowElements) {
    long[] strides = {sizes.length() * rowElements, sizes.size(), rowElements, 1};
    return new Layout(dims(heads, sizes.length(), sizes.size()), strides);
  }

  private static Layout transposed(Layout x) {
    long[] d = x.dimensions;
    long[] s = x.strides;
    return new Layout(new long[] {d[0], d[1], d[3], d[2]}, new long[] {s[0], s[1], s[3], s[2]});
  }

  private Layout scores() {
    long t = sizes.length();
    long h = sizes.heads();
    return new Layout(dims(h, t, t), new long[] {h * t * t, t * t, t, 1});
  }

  private Layout row() {
    long t = sizes.length();
    long h = sizes.heads();
    return new Layout(dims(h, t, 1), new long[] {h * t, t, 1, 1});
  }

  /** The frontend's strides for dO O, which is in no memory: heads as they are in O's rows. */
  private Layout productsOfOutputs() {
    long t = sizes.length();
    long h = sizes.heads();
    long d = sizes.size();
    return new Layout(dims(h, t, d), new long[] {h * t * d, t * d, h * d, 1});
  }

  /** One of those that {@link #bind} gets an address for. */
  private Edge tensor(Type type, Layout layout) {
    Edge edge = graph.tensor(type, layout.dimensions, layout.strides);
    tensors.add(edge);
    return edge;
  }

  private Edge virtual(Type type, Layout layout) {
    return graph.virtual(type, layout.dimensions, layout.strides);
  }

  private Edge scalar(float value) {
    Edge edge = graph.scalar();
    scalars.put(edge, value);
    return edge;
  }

  // ---- running ----------------------------------------------------------------------------------

  /** The graph with its memory. */
  CudnnPlan.Bound bind(long... addresses) {
    Map<Edge, Long> places = new LinkedHashMap<>(own);
    for (int i = 0; i < addresses.length; i++) {
      places.put(tensors.get(i), addresses[i]);
    }
    return plan.bind(places, scalars, workspace);
  }

  @Override
  public void close() {
    graph.close();
    buffers.forEach(DeviceBuffer::close);
  }
}
