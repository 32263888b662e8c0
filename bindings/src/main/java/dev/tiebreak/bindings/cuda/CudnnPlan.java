package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.cuda.CudaLibrary.CUDNN;
import static dev.tiebreak.bindings.cuda.Status.check;
import static dev.tiebreak.bindings.raw.cudnn.CudnnApi.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An engine of cuDNN's that runs a whole {@link CudnnGraph}, which owns it. */
public final class CudnnPlan {
  private final CudnnGraph graph;
  private final CudnnDescriptor plan;
  private final Map<Float, MemorySegment> values = new HashMap<>();

  CudnnPlan(CudnnGraph graph, CudnnDescriptor operations) {
    this.graph = graph;
    this.plan = firstThatFits(operations);
  }

  /** The first engine that takes the graph: cuDNN's heuristics first, then what always works. */
  private CudnnDescriptor firstThatFits(CudnnDescriptor operations) {
    String call = "cudnnBackendFinalize";
    CudaException last = null;
    for (int mode : new int[] {CUDNN_HEUR_MODE_A(), CUDNN_HEUR_MODE_FALLBACK()}) {
      CudnnDescriptor heuristics =
          graph
              .own("the heuristics", CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR())
              .descriptor(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH(), operations)
              .code(CUDNN_ATTR_ENGINEHEUR_MODE(), CUDNN_TYPE_HEUR_MODE(), mode);
      int status = heuristics.tryFinish();
      if (status != 0) {
        last = Status.error(CUDNN, call + " of the heuristics", status);
        continue;
      }
      for (CudnnDescriptor engine : engines(heuristics)) {
        CudnnDescriptor candidate =
            graph
                .own("a plan", CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR())
                .addresses(
                    CUDNN_ATTR_EXECUTION_PLAN_HANDLE(),
                    CUDNN_TYPE_HANDLE(),
                    graph.cudnn().handle().address())
                .descriptor(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG(), engine);
        status = candidate.tryFinish();
        if (status == 0) {
          return candidate;
        }
        last = Status.error(CUDNN, call + " of a plan", status);
        candidate.close();
      }
    }
    if (last == null) {
      throw new IllegalArgumentException("cuDNN has no engine for the graph");
    }
    throw last;
  }

  private List<CudnnDescriptor> engines(CudnnDescriptor heuristics) {
    int results = CUDNN_ATTR_ENGINEHEUR_RESULTS();
    var engines = new ArrayList<CudnnDescriptor>();
    for (int i = heuristics.count(results); i > 0; i--) {
      engines.add(graph.own("an engine", CUDNN_BACKEND_ENGINECFG_DESCRIPTOR()));
    }
    return engines.subList(0, heuristics.fill(results, engines));
  }

  /** Bytes of scratch memory on the GPU that a run needs. */
  public long workspaceBytes() {
    return plan.integer(CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE());
  }

  /**
   * The plan with its memory, to be run again and again; it is closed with the graph.
   *
   * @param addresses where each tensor in memory is on the GPU
   * @param scalars what each scalar is
   * @param workspace the address of {@link #workspaceBytes} bytes, or 0 if none are needed
   */
  public Bound bind(
      Map<CudnnGraph.Edge, Long> addresses, Map<CudnnGraph.Edge, Float> scalars, long workspace) {
    var ids = new ArrayList<Long>();
    var pointers = new ArrayList<Long>();
    addresses.forEach((edge, address) -> {
      ids.add(edge.id());
      pointers.add(address);
    });
    scalars.forEach((edge, value) -> {
      ids.add(edge.id());
      pointers.add(host(value).address()); // cuDNN reads a value given by value on the host
    });
    CudnnDescriptor pack =
        graph
            .own("the addresses", CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR())
            .integers(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS(), longs(ids))
            .addresses(
                CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS(), CUDNN_TYPE_VOID_PTR(), longs(pointers))
            .addresses(CUDNN_ATTR_VARIANT_PACK_WORKSPACE(), CUDNN_TYPE_VOID_PTR(), workspace);
    return new Bound(graph, plan, pack.finish());
  }

  private MemorySegment host(float value) {
    return values.computeIfAbsent(
        value, it -> graph.arena().allocateFrom(ValueLayout.JAVA_FLOAT, it));
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  /** A plan and the memory that it works on. Closing it is needed only if there are many. */
  public static final class Bound implements AutoCloseable {
    private final CudnnGraph graph;
    private final CudnnDescriptor plan;
    private final CudnnDescriptor pack;

    private Bound(CudnnGraph graph, CudnnDescriptor plan, CudnnDescriptor pack) {
      this.graph = graph;
      this.plan = plan;
      this.pack = pack;
    }

    /** Puts a run into cuDNN's stream. */
    public void run() {
      check(
          CUDNN,
          "cudnnBackendExecute",
          cudnnBackendExecute(graph.cudnn().handle(), plan.handle(), pack.handle()));
    }

    @Override
    public void close() {
      graph.disown(pack);
      pack.close();
    }
  }
}
