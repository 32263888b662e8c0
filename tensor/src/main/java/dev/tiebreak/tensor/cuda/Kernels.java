package dev.tiebreak.tensor.cuda;

import dev.tiebreak.bindings.cuda.CudaModule;
import dev.tiebreak.bindings.cuda.DeviceFacts;
import dev.tiebreak.bindings.cuda.Nvrtc;
import dev.tiebreak.bindings.cuda.Stream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The kernels of one GPU. A file is compiled when the first of its kernels is asked for, once for
 * each type of elements, and compiled files are kept on disk.
 */
public final class Kernels implements AutoCloseable {
  private record File(Class<?> owner, boolean bf16) {}

  private record Name(Class<?> owner, String function, boolean bf16) {}

  private final Nvrtc compiler;
  private final String architecture;
  private final Stream stream;
  private final KernelTimes times;
  private final String prelude = text(Kernels.class, "prelude.cuh");
  private final Map<File, CudaModule> modules = new HashMap<>();
  private final Map<Name, Kernel> kernels = new HashMap<>();

  /**
   * Kernels for a GPU.
   *
   * @param stream where they run
   * @param times told of each launch
   */
  public Kernels(Nvrtc compiler, DeviceFacts gpu, Stream stream, KernelTimes times) {
    this.compiler = compiler;
    this.architecture = architecture(gpu);
    this.stream = stream;
    this.times = times;
  }

  /** sm_90a has Hopper's own instructions, which sm_90 has not. */
  private static String architecture(DeviceFacts gpu) {
    return String.format(
        Locale.ROOT, "sm_%d%d%s", gpu.major(), gpu.minor(), gpu.major() >= 9 ? "a" : "");
  }

  /**
   * A kernel.
   *
   * @param owner the class beside whose source the file stands: {@code Gelu} for {@code Gelu.cu}
   * @param function the kernel's name in it
   * @param bf16 whether {@code floatX} is bf16, else float
   * @throws dev.tiebreak.bindings.cuda.CudaException if the file does not compile, with the
   *     compiler's log
   */
  public Kernel get(Class<?> owner, String function, boolean bf16) {
    Name name = new Name(owner, function, bf16);
    Kernel kernel = kernels.get(name);
    if (kernel == null) {
      CudaModule module = modules.computeIfAbsent(new File(owner, bf16), this::compile);
      kernel = new Kernel(module.function(function), stream, times, bf16 ? 2 : 4);
      kernels.put(name, kernel);
    }
    return kernel.begin();
  }

  private CudaModule compile(File file) {
    String name = file.owner.getSimpleName() + ".cu";
    String source = prelude + "#line 1 \"" + name + "\"\n" + text(file.owner, name);
    List<String> options =
        List.of(
            "--std=c++17",
            "--gpu-architecture=" + architecture,
            file.bf16 ? "-DTIEBREAK_BF16" : "-DTIEBREAK_F32");
    return CudaModule.load(name, compiler.cubin(name, source, options));
  }

  private static String text(Class<?> owner, String name) {
    try (var in = owner.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "no kernel file %s beside %s, or its package is not open to the module dev.tiebreak.tensor",
                name,
                owner.getName()));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    modules.values().forEach(CudaModule::close);
  }
}
