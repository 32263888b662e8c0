package dev.tiebreak.trainer.cli;

import dev.tiebreak.bindings.BlasEnvironmentHint;
import dev.tiebreak.bindings.NativeLibraryException;
import dev.tiebreak.bindings.OpenBlas;
import dev.tiebreak.bindings.cuda.Cuda;
import dev.tiebreak.bindings.cuda.CudaException;
import dev.tiebreak.bindings.cuda.CudaLibrary;
import dev.tiebreak.bindings.cuda.CudaProbe;
import dev.tiebreak.bindings.cuda.DeviceFacts;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.cli.Terminal.Style;
import dev.tiebreak.trainer.lab.bench.MatrixRate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiebreak doctor}: what this machine offers, and what holds it back. */
@Command(
    name = "doctor",
    description = {
      "Shows Java, processor, GPUs, libraries, memory and disk, measures the speed of matrix products"
          + " and names what holds this machine back, with the remedy."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak doctor",
      "  tiebreak doctor --threads 1           the speed of one thread",
      "  env -u OPENBLAS_CORETYPE tiebreak doctor"
    })
final class DoctorCommand implements Callable<Integer> {
  private static final int LABEL_WIDTH = 15;
  private static final int PROBE_SIZE = 1024;
  private static final double PROBE_SECONDS = 1;
  private static final List<String> AVX512_KERNELS =
      List.of("SkylakeX", "Cooperlake", "SapphireRapids");

  @Spec private CommandSpec spec;

  @Option(
      names = "--threads",
      paramLabel = "<n>",
      defaultValue = "0",
      description = "Threads to measure with; 0 uses every processor.")
  private int threads;

  private final List<String> problems = new ArrayList<>();
  private Terminal terminal;

  @Override
  public Integer call() {
    terminal = Terminal.of(spec);
    if (threads < 0) {
      throw new UserError(
          Words.of("--threads is %d; it must be a whole number, 0 or more", threads));
    }
    Processor processor = Processor.current();
    java();
    processor(processor);
    memory();
    disk();
    OpenBlas blas = blas();
    environment(processor, blas);
    compute(blas);
    conclude();
    return ExitCode.OK;
  }

  private void java() {
    line("Java", Runtime.version() + ", " + System.getProperty("java.vendor"));
    more(System.getProperty("java.home"));
    if (OpenBlas.nativeAccessEnabled()) {
      line("Native access", "granted");
    } else {
      line("Native access", "not granted: Java warns, and a later version will refuse");
      problems.add("start Java with --enable-native-access=dev.tiebreak.bindings");
    }
  }

  private void processor(Processor processor) {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.version");
    line("System", system + ", " + System.getProperty("os.arch"));
    int count = Runtime.getRuntime().availableProcessors();
    line("Processor", processor.model() + ", " + count + (count == 1 ? " core" : " cores"));
    if (!processor.features().isEmpty()) {
      more(String.join(" ", processor.features()));
    }
    gpus(Cuda.probe());
  }

  private void gpus(CudaProbe cuda) {
    if (cuda.unusable().isPresent()) {
      line("GPU", "none to use: " + cuda.unusable().get());
      return;
    }
    line("GPU", "usable: --device auto takes GPU 0");
    cuda.lines().forEach(this::more);
    for (DeviceFacts gpu : cuda.devices()) {
      try (Cuda opened = Cuda.open(gpu.index())) {
        more(Words.of("GPU %d has %s free", gpu.index(), Bytes.of(opened.freeBytes())));
      } catch (CudaException e) {
        problems.add(Words.of("GPU %d cannot be opened: %s", gpu.index(), e.getMessage()));
      }
    }
    if (!cuda.has(CudaLibrary.CUDNN)) {
      problems.add("without cuDNN, attention runs on kernels that are several times slower");
    }
  }

  private void memory() {
    MemoryInfo memory = MemoryInfo.current();
    line("Memory", size(memory.total()) + ", of which " + size(memory.available()) + " available");
    more(
        Words.of(
            "Java's heap up to %s; tensors are outside it",
            Bytes.of(Runtime.getRuntime().maxMemory())));
  }

  private static String size(OptionalLong bytes) {
    return bytes.isPresent() ? Bytes.of(bytes.getAsLong()) : "an unknown amount";
  }

  private void disk() {
    Path here = Path.of("").toAbsolutePath();
    try {
      line("Disk", Bytes.of(Files.getFileStore(here).getUsableSpace()) + " free in " + here);
    } catch (IOException e) {
      line("Disk", "unknown: " + e.getMessage());
    }
    if (!Files.isWritable(here)) {
      problems.add("the folder " + here + " cannot be written; run folders need --run elsewhere");
    }
  }

  /** Null if there is no usable library. */
  private OpenBlas blas() {
    try {
      OpenBlas blas = OpenBlas.load();
      line("BLAS", "OpenBLAS " + blas.version() + ", " + blas.coreName() + " kernels");
      more(blas.path().toString());
      more(blas.configuration().strip());
      return blas;
    } catch (NativeLibraryException e) {
      line("BLAS", "none: matrix products run in plain Java, several times slower");
      problems.add(e.getMessage());
      return null;
    }
  }

  private void environment(Processor processor, OpenBlas blas) {
    String core = blas == null ? null : blas.coreName();
    OpenBlas.environmentHints().stream()
        .map(hint -> describe(hint, processor.hasAvx512(), core))
        .flatMap(Optional::stream)
        .forEach(problems::add);
  }

  /**
   * Says what a variable does on this very processor; nothing if it does no harm.
   *
   * @param core the kernel set in use, or null if there is no library
   */
  static Optional<String> describe(BlasEnvironmentHint hint, boolean avx512, String core) {
    if (hint.variable().endsWith("NUM_THREADS")) {
      return Optional.empty(); // each product runs on one thread of ours, whatever it says
    }
    String setting = hint.variable() + "=" + hint.value();
    if (!hint.variable().equals("OPENBLAS_CORETYPE")) {
      return Optional.of(setting + " " + hint.problem() + "; " + hint.remedy());
    }
    String kernels = core == null ? hint.value() : core;
    String instead =
        avx512 && AVX512_KERNELS.stream().noneMatch(kernels::equalsIgnoreCase)
            ? ", while this processor has AVX-512 and could run SkylakeX kernels or newer"
            : ", whatever the processor could run";
    return Optional.of(
        Words.of(
            "%s pins OpenBLAS to its %s kernels%s; unset %s in the shell that starts Java",
            setting, kernels, instead, hint.variable()));
  }

  private void compute(OpenBlas blas) {
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    try (CpuBackend cpu = blas == null ? CpuBackend.withoutBlas(count) : CpuBackend.create(count)) {
      String path = blas == null ? "" : ", " + blas.path();
      line("In use", cpu.description().replace(path, ""));
      terminal.out().flush();
      line(
          "Speed",
          Words.of(
              "%.0f GFLOP/s in float32 matrix products of %d x %d, the best in %.0f s",
              MatrixRate.gflops(cpu, PROBE_SIZE, PROBE_SIZE, PROBE_SIZE, PROBE_SECONDS),
              PROBE_SIZE,
              PROBE_SIZE,
              PROBE_SECONDS));
    }
  }

  private void conclude() {
    terminal.out().println();
    if (problems.isEmpty()) {
      terminal.out().println(terminal.styled(Style.GREEN, "Nothing holds this machine back."));
    }
    for (String problem : problems) {
      terminal.out().println(terminal.styled(Style.YELLOW, "! ") + problem);
    }
  }

  private void line(String label, String value) {
    String padded = Words.of("%-" + LABEL_WIDTH + "s", label);
    terminal.out().println(terminal.styled(Style.BOLD, padded) + value);
  }

  private void more(String value) {
    terminal.out().println(" ".repeat(LABEL_WIDTH) + value);
  }
}
