package dev.tiebreak.trainer.lab.bench;

import dev.tiebreak.bindings.BlasEnvironmentHint;
import dev.tiebreak.bindings.NativeLibraryException;
import dev.tiebreak.bindings.OpenBlas;
import dev.tiebreak.bindings.cuda.Cuda;
import dev.tiebreak.bindings.cuda.CudaException;
import dev.tiebreak.bindings.cuda.CudaLibrary;
import dev.tiebreak.bindings.cuda.CudaProbe;
import dev.tiebreak.bindings.cuda.DeviceFacts;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.trainer.base.Quantities;
import dev.tiebreak.trainer.base.Sheet;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.device.MemoryInfo;
import dev.tiebreak.trainer.lab.device.Processor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What this machine offers, and what holds it back, with the remedy. */
public final class MachineReport {
  private static final int PROBE_SIZE = 1024;
  private static final double PROBE_SECONDS = 1;
  private static final List<String> AVX512_KERNELS =
      List.of("SkylakeX", "Cooperlake", "SapphireRapids");

  private final Sheet sheet = new Sheet("%-15s", "%-15s", "%s");
  private final List<String> problems = new ArrayList<>();

  private MachineReport() {}

  /**
   * Looks at Java, processor, GPUs, memory, disk and libraries, and measures matrix products.
   *
   * @param threads to measure with, at least 1
   * @return a line for everything there is, then a warning for everything that holds it back
   */
  public static Sheet make(int threads) {
    MachineReport report = new MachineReport();
    Processor processor = Processor.current();
    report.java();
    report.processor(processor);
    report.gpus(Cuda.probe());
    report.memory(MemoryInfo.current());
    report.disk(Path.of("").toAbsolutePath());
    Optional<OpenBlas> blas = report.blas();
    OpenBlas.environmentHints().stream()
        .map(hint -> describe(hint, processor.hasAvx512(), blas.map(OpenBlas::coreName)))
        .flatMap(Optional::stream)
        .forEach(report.problems::add);
    report.speed(blas, threads);
    if (!report.problems.isEmpty()) {
      report.sheet.line("");
    }
    report.problems.forEach(report.sheet::warn);
    return report.sheet;
  }

  private void java() {
    sheet.head("Java", Runtime.version() + ", " + System.getProperty("java.vendor"));
    more(System.getProperty("java.home"));
    if (OpenBlas.nativeAccessEnabled()) {
      sheet.head("Native access", "granted");
    } else {
      sheet.head("Native access", "not granted: Java warns, and a later version will refuse");
      problems.add("start Java with --enable-native-access=dev.tiebreak.bindings");
    }
  }

  private void processor(Processor processor) {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.version");
    sheet.head("System", system + ", " + System.getProperty("os.arch"));
    int count = Runtime.getRuntime().availableProcessors();
    sheet.head("Processor", processor.model() + ", " + count + (count == 1 ? " core" : " cores"));
    if (!processor.features().isEmpty()) {
      more(String.join(" ", processor.features()));
    }
  }

  private void gpus(CudaProbe cuda) {
    if (cuda.unusable().isPresent()) {
      sheet.head("GPU", "none to use: " + cuda.unusable().get());
      return;
    }
    sheet.head("GPU", "usable: the device auto is GPU 0");
    cuda.lines().forEach(this::more);
    for (DeviceFacts gpu : cuda.devices()) {
      try (Cuda opened = Cuda.open(gpu.index())) {
        more(Words.of("GPU %d has %s free", gpu.index(), Quantities.bytes(opened.freeBytes())));
      } catch (CudaException e) {
        problems.add(Words.of("GPU %d cannot be opened: %s", gpu.index(), e.getMessage()));
      }
    }
    if (!cuda.has(CudaLibrary.CUDNN)) {
      problems.add("without cuDNN, attention runs on kernels that are several times slower");
    }
  }

  private void memory(MemoryInfo memory) {
    String available = size(memory.available());
    sheet.head("Memory", size(memory.total()) + ", of which " + available + " available");
    String heap = Quantities.bytes(Runtime.getRuntime().maxMemory());
    more("Java's heap up to " + heap + "; tensors are outside it");
  }

  private static String size(OptionalLong bytes) {
    return bytes.isPresent() ? Quantities.bytes(bytes.getAsLong()) : "an unknown amount";
  }

  private void disk(Path here) {
    try {
      long free = Files.getFileStore(here).getUsableSpace();
      sheet.head("Disk", Quantities.bytes(free) + " free in " + here);
    } catch (IOException e) {
      sheet.head("Disk", "unknown: " + e.getMessage());
    }
    if (!Files.isWritable(here)) {
      problems.add("the folder " + here + " cannot be written; put run folders elsewhere");
    }
  }

  private Optional<OpenBlas> blas() {
    try {
      OpenBlas blas = OpenBlas.load();
      sheet.head("BLAS", "OpenBLAS " + blas.version() + ", " + blas.coreName() + " kernels");
      more(blas.path().toString());
      more(blas.configuration().strip());
      return Optional.of(blas);
    } catch (NativeLibraryException e) {
      sheet.head("BLAS", "none: matrix products run in plain Java, several times slower");
      problems.add(e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Says what a variable does on this very processor; nothing if it does no harm.
   *
   * @param core the kernel set in use, if there is a library
   */
  static Optional<String> describe(
      BlasEnvironmentHint hint, boolean avx512, Optional<String> core) {
    if (hint.variable().endsWith("NUM_THREADS")) {
      return Optional.empty(); // each product runs on one thread of ours, whatever it says
    }
    String setting = hint.variable() + "=" + hint.value();
    if (!hint.variable().equals("OPENBLAS_CORETYPE")) {
      return Optional.of(setting + " " + hint.problem() + "; " + hint.remedy());
    }
    String kernels = core.orElse(hint.value());
    String instead =
        avx512 && AVX512_KERNELS.stream().noneMatch(kernels::equalsIgnoreCase)
            ? ", while this processor has AVX-512 and could run SkylakeX kernels or newer"
            : ", whatever the processor could run";
    return Optional.of(
        Words.of(
            "%s pins OpenBLAS to its %s kernels%s; unset %s in the shell that starts Java",
            setting, kernels, instead, hint.variable()));
  }

  private void speed(Optional<OpenBlas> blas, int threads) {
    try (CpuBackend cpu =
        blas.isEmpty() ? CpuBackend.withoutBlas(threads) : CpuBackend.create(threads)) {
      String path = blas.map(library -> ", " + library.path()).orElse("");
      sheet.head("In use", cpu.description().replace(path, ""));
      sheet.head(
          "Speed",
          Words.of(
              "%.0f GFLOP/s in float32 matrix products of %d x %d, the best in %.0f s",
              MatrixRate.gflops(cpu, PROBE_SIZE, PROBE_SIZE, PROBE_SIZE, PROBE_SECONDS),
              PROBE_SIZE,
              PROBE_SIZE,
              PROBE_SECONDS));
    }
  }

  private void more(String text) {
    sheet.part("", text);
  }
}
