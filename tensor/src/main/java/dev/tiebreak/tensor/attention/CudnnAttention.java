package dev.tiebreak.tensor.attention;

import dev.tiebreak.bindings.NativeLibraryException;
import dev.tiebreak.bindings.cuda.CudaException;
import dev.tiebreak.bindings.cuda.Cudnn;
import dev.tiebreak.bindings.cuda.CudnnGraph.Type;
import dev.tiebreak.bindings.cuda.CudnnPlan.Bound;
import dev.tiebreak.bindings.cuda.Stream;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.cuda.KernelTimes;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Causal attention by cuDNN, in bfloat16, forward and backward, the same bytes every time. A plan
 * for some sizes is made when they are first asked for, which is slow, and kept with its workspace.
 * A plan bound to its addresses is kept too, so from the second step on a run is a single call.
 *
 * <p>cuDNN's reproducible backward pass keeps a (T, T) matrix for each head of the batch. So that
 * this stays under a limit the batch is run in parts. For one thread.
 */
final class CudnnAttention implements CudaBackend.Companion {
  private static final Logger LOG = System.getLogger("dev.tiebreak.tensor");
  private static final long OLDEST = 90_000;
  private static final long MASKS_BY_INFINITY = 91_000; // before, by the lowest number
  private static final List<Long> BROKEN = List.of(91_000L, 91_001L);
  private static final long ANY_LENGTH_BACKWARD = 91_501; // before, only multiples of 128
  private static final int LARGEST_HEAD = 128; // what every kind of GPU can
  private static final long LARGEST_WORKSPACE = 1L << 30;
  private static final int BOUND_AT_MOST = 1024;

  /**
   * Sizes of one attention.
   *
   * @param batch sequences, B
   * @param heads query heads, H
   * @param kvHeads key and value heads, KV, of which H is a multiple
   * @param length positions, T
   * @param size elements of a head, D
   */
  record Sizes(int batch, int heads, int kvHeads, int length, int size) {
    /** Elements of a row of queries, keys and values. */
    long packedRow() {
      return (heads + 2L * kvHeads) * size;
    }

    /** Elements of a row of the result. */
    long outputRow() {
      return (long) heads * size;
    }

    /** What scores are multiplied by. */
    double scale() {
      return 1 / Math.sqrt(size);
    }

    private Sizes withBatch(int sequences) {
      return new Sizes(sequences, heads, kvHeads, length, size);
    }

    /** As many sequences as the backward pass can run at once, a divisor of the batch. */
    Sizes part() {
      long each = 2L * heads * length * length;
      int most = Math.clamp(LARGEST_WORKSPACE / each, 1, batch);
      int part =
          IntStream.iterate(most, n -> n - 1).filter(n -> batch % n == 0).findFirst().orElseThrow();
      return withBatch(part);
    }
  }

  private record Key(Sizes sizes, boolean backward) {}

  /** A graph, or why there is none. */
  private record Plan(AttentionGraph graph, String refusal) {}

  private record Addresses(Key key, long x, long y, long dy, long logSumExp, long dx) {}

  private final Stream stream;
  private final KernelTimes times;
  private final Map<Key, Plan> plans = new HashMap<>();
  private final Map<Addresses, List<Bound>> bound = new LinkedHashMap<>();
  private Cudnn cudnn; // loaded when it is first asked for
  private String missing; // why it could not be loaded

  /**
   * Loads nothing yet.
   *
   * @param stream where it runs
   * @param times told of each run
   */
  CudnnAttention(Stream stream, KernelTimes times) {
    this.stream = stream;
    this.times = times;
  }

  /** Why the forward pass of such an attention cannot run here; null if it can. */
  String whyNotForward(Sizes sizes) {
    return plan(new Key(sizes, false)).refusal;
  }

  /** The same for the backward pass. */
  String whyNotBackward(Sizes sizes) {
    return plan(new Key(sizes, true)).refusal;
  }

  /**
   * Writes y (B, T, H D) and the log-sum-exp of each row of scores (B, H, T), in float32, for
   * packed x (B, T, (H + 2 KV) D). All begin at a multiple of 16 bytes.
   */
  void forward(Sizes sizes, long x, long y, long logSumExp) {
    run("attention_forward (cuDNN)", new Addresses(new Key(sizes, false), x, y, 0, logSumExp, 0));
  }

  /** Overwrites dx, of x's shape, given dy and what {@link #forward} wrote. */
  void backward(Sizes sizes, long x, long y, long dy, long logSumExp, long dx) {
    run("attention_backward (cuDNN)", new Addresses(new Key(sizes, true), x, y, dy, logSumExp, dx));
  }

  private void run(String name, Addresses at) {
    List<Bound> parts = bound.get(at);
    if (parts == null) {
      parts = at.key.backward ? bindBackward(at) : bindForward(at);
      keep(at, parts);
    }
    times.begin(name);
    for (Bound part : parts) {
      part.run();
    }
    times.end();
  }

  private void keep(Addresses at, List<Bound> parts) {
    if (bound.size() >= BOUND_AT_MOST) {
      Addresses first = bound.keySet().iterator().next();
      bound.remove(first).forEach(Bound::close);
    }
    bound.put(at, parts);
  }

  private List<Bound> bindForward(Addresses at) {
    Sizes sizes = at.key.sizes;
    return List.of(
        graph(at.key)
            .bind(
                at.x,
                at.x + Short.BYTES * firstKey(sizes),
                at.x + Short.BYTES * firstValue(sizes),
                at.y,
                at.logSumExp));
  }

  private List<Bound> bindBackward(Addresses at) {
    Sizes sizes = at.key.sizes;
    Sizes part = sizes.part();
    AttentionGraph graph = graph(at.key);
    long rows = (long) part.batch * part.length;
    long key = Short.BYTES * firstKey(sizes);
    long value = Short.BYTES * firstValue(sizes);
    return IntStream.range(0, sizes.batch / part.batch)
        .mapToObj(i -> {
          long packed = Short.BYTES * i * rows * sizes.packedRow();
          long output = Short.BYTES * i * rows * sizes.outputRow();
          return graph.bind(
              at.x + packed,
              at.x + packed + key,
              at.x + packed + value,
              at.y + output,
              at.dy + output,
              at.logSumExp + Float.BYTES * i * rows * sizes.heads,
              at.dx + packed,
              at.dx + packed + key,
              at.dx + packed + value);
        })
        .toList();
  }

  private static long firstKey(Sizes sizes) {
    return (long) sizes.heads * sizes.size;
  }

  private static long firstValue(Sizes sizes) {
    return (long) (sizes.heads + sizes.kvHeads) * sizes.size;
  }

  // ---- plans ------------------------------------------------------------------------------------

  private AttentionGraph graph(Key key) {
    Plan plan = plan(key);
    if (plan.graph == null) {
      throw new IllegalStateException("cuDNN cannot run this attention: " + plan.refusal);
    }
    return plan.graph;
  }

  private Plan plan(Key key) {
    Plan plan = plans.get(key);
    if (plan == null) {
      plan = newPlan(key);
      plans.put(key, plan);
    }
    return plan;
  }

  private Plan newPlan(Key key) {
    load();
    String refusal = cudnn == null ? missing : refusal(key);
    if (refusal != null) {
      return refused(key, refusal);
    }
    try {
      AttentionGraph graph =
          key.backward
              ? backward(key.sizes.part())
              : AttentionGraph.forward(cudnn, key.sizes, lowest());
      return new Plan(graph, null);
    } catch (CudaException | IllegalArgumentException e) {
      return refused(key, e.getMessage());
    }
  }

  private void load() {
    if (cudnn == null && missing == null) {
      try {
        cudnn = Cudnn.create(stream);
        LOG.log(Level.DEBUG, "attention by cuDNN, version {0}", cudnn.version());
      } catch (NativeLibraryException | CudaException e) {
        missing = e.getMessage();
      }
    }
  }

  /** What a score is that must not be seen. */
  private float lowest() {
    return cudnn.version() < MASKS_BY_INFINITY ? -Float.MAX_VALUE : Float.NEGATIVE_INFINITY;
  }

  /** Some versions want the keys in float32 on their way into dQ, some as they are. */
  private AttentionGraph backward(Sizes sizes) {
    try {
      return AttentionGraph.backward(cudnn, sizes, lowest(), Type.FLOAT32);
    } catch (CudaException | IllegalArgumentException e) {
      LOG.log(Level.DEBUG, "attention by cuDNN with keys in float32: {0}", e.getMessage());
      return AttentionGraph.backward(cudnn, sizes, lowest(), Type.BFLOAT16);
    }
  }

  private Plan refused(Key key, String why) {
    LOG.log(
        Level.INFO,
        "the {0} pass of attention for {1} runs in kernels of our own, not in cuDNN: {2}",
        key.backward ? "backward" : "forward",
        key.sizes,
        why);
    return new Plan(null, why);
  }

  /** What is known to go wrong. */
  private String refusal(Key key) {
    Sizes sizes = key.sizes;
    long version = cudnn.version();
    if (version < OLDEST || BROKEN.contains(version)) {
      return String.format(Locale.ROOT, "version %d of cuDNN has no attention that works", version);
    }
    if (sizes.size % 8 != 0 || sizes.size > LARGEST_HEAD) {
      return String.format(
          Locale.ROOT, "heads of %d are no multiple of 8 up to %d", sizes.size, LARGEST_HEAD);
    }
    if (sizes.length == 1) {
      return "a sequence of one position";
    }
    if (key.backward && sizes.length % 128 != 0 && version < ANY_LENGTH_BACKWARD) {
      return String.format(
          Locale.ROOT, "version %d needs a sequence length that is a multiple of 128", version);
    }
    return null;
  }

  @Override
  public void close() {
    plans.values().stream().filter(plan -> plan.graph != null).forEach(plan -> plan.graph.close());
    if (cudnn != null) {
      cudnn.close();
    }
  }
}
