package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.cuda.CudaLibrary.DRIVER;
import static dev.tiebreak.bindings.cuda.Status.check;
import static dev.tiebreak.bindings.raw.driver.DriverApi.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Work of a stream, recorded once and run again with one call. A replay uses the same addresses and
 * the same arguments; what changes from one to the next is read through device pointers.
 */
public final class CudaGraph extends Resource {
  private final MemorySegment handle;

  private CudaGraph(MemorySegment graph) {
    super("a graph");
    handle =
        Out.pointer(
            DRIVER,
            "cuGraphInstantiateWithFlags",
            result -> cuGraphInstantiateWithFlags(result, graph, 0));
    opened();
  }

  /**
   * Records what the work puts into the stream; none of it runs. The work must not allocate, wait,
   * or load modules, and other streams that it uses must begin and end in this one, by events.
   */
  public static CudaGraph capture(Stream stream, Runnable work) {
    Cuda.current().failures().raise();
    check(
        DRIVER,
        "cuStreamBeginCapture_v2",
        cuStreamBeginCapture_v2(stream.handle(), CU_STREAM_CAPTURE_MODE_THREAD_LOCAL()));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
      try {
        work.run();
      } catch (Throwable failure) {
        // The stream must leave capture; its status only repeats that the work failed.
        cuStreamEndCapture(stream.handle(), result);
        destroy(result.get(ValueLayout.ADDRESS, 0));
        throw failure;
      }
      check(DRIVER, "cuStreamEndCapture", cuStreamEndCapture(stream.handle(), result));
      MemorySegment graph = result.get(ValueLayout.ADDRESS, 0);
      try {
        return new CudaGraph(graph);
      } finally {
        destroy(graph);
      }
    }
  }

  /** Puts one run of it into a stream. */
  public void launch(Stream stream) {
    mustBeOpen();
    check(DRIVER, "cuGraphLaunch", cuGraphLaunch(handle, stream.handle()));
  }

  private static void destroy(MemorySegment graph) {
    int status = graph.address() == 0 ? 0 : cuGraphDestroy(graph);
    if (status != 0) {
      Cuda.current().failures().keep(Status.error(DRIVER, "cuGraphDestroy", status));
    }
  }

  @Override
  void release() {
    keep(DRIVER, "cuGraphExecDestroy", cuGraphExecDestroy(handle));
  }
}
