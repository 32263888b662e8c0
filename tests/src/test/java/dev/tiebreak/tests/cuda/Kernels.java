package dev.tiebreak.tests.cuda;

import dev.tiebreak.bindings.cuda.Arguments;
import dev.tiebreak.bindings.cuda.Arguments.Kind;
import dev.tiebreak.bindings.cuda.Cuda;
import dev.tiebreak.bindings.cuda.CudaFunction;
import dev.tiebreak.bindings.cuda.CudaModule;
import dev.tiebreak.bindings.cuda.DeviceBuffer;
import dev.tiebreak.bindings.cuda.Nvrtc;
import dev.tiebreak.bindings.cuda.Stream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A device, a stream and small kernels on the simulated CUDA; closing gives all of it back. */
final class Kernels implements AutoCloseable {
  private static final List<String> OPTIONS = List.of("--std=c++17", "--gpu-architecture=sm_90a");

  private final Deque<AutoCloseable> made = new ArrayDeque<>();
  private final Map<String, CudaModule> modules = new HashMap<>();
  final Cuda cuda;
  final Stream stream;

  private Kernels() {
    cuda = keep(Cuda.open(0));
    stream = keep(Stream.create());
  }

  static Kernels open() {
    SimulatedCuda.install();
    return new Kernels();
  }

  /** Closes it with the rest. */
  <T extends AutoCloseable> T keep(T resource) {
    made.push(resource);
    return resource;
  }

  /** The kernel {@code k} of a text that comes behind the prelude. */
  CudaFunction kernel(String text) {
    return modules.computeIfAbsent(text, this::module).function("k");
  }

  private CudaModule module(String text) {
    // In its own place in the text, so that reports count its lines from 1.
    String source = SimulatedCuda.prelude() + "\n#line 1 \"k.cu\"\n" + text;
    return keep(CudaModule.load("k.cu", Nvrtc.load().cubin("k.cu", source, OPTIONS)));
  }

  /** Memory of the device, which is not given back before this is closed. */
  DeviceBuffer buffer(long bytes) {
    return keep(DeviceBuffer.allocate(bytes));
  }

  /** Launches a kernel whose parameters are pointers only. */
  void launch(String text, int grid, int block, int shared, long... addresses) {
    CudaFunction kernel = kernel(text);
    Kind[] kinds = new Kind[addresses.length];
    java.util.Arrays.fill(kinds, Kind.POINTER);
    Arguments arguments = kernel.arguments(kinds);
    for (int i = 0; i < addresses.length; i++) {
      arguments.pointer(i, addresses[i]);
    }
    kernel.launch(stream, grid, block, shared, arguments);
  }

  /** The same, and waits for it. */
  void run(String text, int grid, int block, int shared, long... addresses) {
    launch(text, grid, block, shared, addresses);
    stream.synchronize();
  }

  /** A buffer with these numbers. */
  DeviceBuffer of(float... values) {
    DeviceBuffer buffer = buffer(4L * values.length);
    try (Arena arena = Arena.ofConfined()) {
      stream.copyIn(buffer.address(), arena.allocateFrom(ValueLayout.JAVA_FLOAT, values));
    }
    return buffer;
  }

  /** The numbers in a buffer, when all that was launched is done. */
  float[] floats(DeviceBuffer buffer) {
    return bytes(buffer).toArray(ValueLayout.JAVA_FLOAT);
  }

  /** The bytes in a buffer. */
  MemorySegment bytes(DeviceBuffer buffer) {
    MemorySegment copy = Arena.ofAuto().allocate(buffer.bytes(), 4);
    stream.copyOut(copy, buffer.address());
    return copy;
  }

  @Override
  public void close() {
    made.forEach(resource -> {
      try {
        resource.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    });
  }
}
