package dev.tiebreak.trainer.lab.device;

import dev.tiebreak.bindings.NativeLibraryException;
import dev.tiebreak.bindings.cuda.Cuda;
import dev.tiebreak.bindings.cuda.CudaException;
import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.attention.AttentionChoice;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.TrainingConfig.Precision;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place to compute: the processor, or a GPU by its number.
 *
 * @param gpu the GPU's number, or empty for the processor
 * @param choices which implementations operations use on a GPU, see {@link CudaBackend.Options}
 */
public record Device(Optional<Integer> gpu, Map<String, String> choices) {
  private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");
  private static final Device CPU = new Device(Optional.empty(), Map.of());

  public static Device cpu() {
    return CPU;
  }

  /** The device that a user names, with the usual choices. */
  public static Device of(String name) {
    return of(name, Map.of());
  }

  /**
   * The device that a user names.
   *
   * @param name {@code cpu}, {@code cuda}, {@code cuda:1}, or {@code auto}: the first GPU if CUDA
   *     is usable here, else the processor
   * @throws UserError if it is none of these
   */
  public static Device of(String name, Map<String, String> choices) {
    Matcher cuda = CUDA.matcher(name);
    if (cuda.matches()) {
      int index = cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1));
      return new Device(Optional.of(index), choices);
    }
    return switch (name) {
      case "cpu" -> CPU;
      case "auto" -> Cuda.probe().unusable().isEmpty() ? of("cuda", choices) : CPU;
      default ->
          throw new UserError(
              Words.of("no device '%s'; devices are auto, cpu, cuda, cuda:<n>", name));
    };
  }

  /**
   * The device that a plan is for, which need not be there: a GPU where the precision needs one and
   * nobody says otherwise.
   */
  public static Device planned(String name, Precision precision) {
    boolean needsGpu = name.equals("auto") && precision == Precision.BF16;
    return of(needsGpu ? "cuda" : name);
  }

  public boolean isGpu() {
    return gpu.isPresent();
  }

  /**
   * Checks, before anything is read or written, that it is there and computes with a precision.
   *
   * @throws UserError with the reason and the remedy
   */
  public void require(Precision precision) {
    Optional<String> noCuda = Cuda.probe().unusable().map(Device::oneLine);
    if (precision == Precision.BF16 && !isGpu()) {
      throw new UserError(
          Words.of(
              "training.precision is bf16, which needs a GPU, and the device is the CPU%s; use f32",
              noCuda.map(why -> " (" + why + ")").orElse("")),
          Remedy.parameter("precision", "f32"));
    }
    if (isGpu()) {
      noCuda.ifPresent(why -> {
        throw unusable(why, null);
      });
      int count = Cuda.probe().devices().size();
      if (gpu.get() >= count) {
        throw unusable("this machine has " + (count == 1 ? "one GPU" : count + " GPUs"), null);
      }
    }
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", " ").replaceFirst("\\.$", "");
  }

  /**
   * Opens it.
   *
   * @param threads of the processor that compute, where it is the processor
   * @throws UserError if the GPU is not there or cannot be used, with the reason
   */
  public Backend open(int threads) {
    if (gpu.isEmpty()) {
      return CpuBackend.create(threads);
    }
    try {
      CudaBackend.Options usual = CudaBackend.Options.DEFAULT;
      return CudaBackend.open(
          gpu.get(), new CudaBackend.Options(choices, usual.apart(), usual.tuned()));
    } catch (CudaException | NativeLibraryException e) {
      throw unusable(e.getMessage(), e);
    }
  }

  /**
   * One that computes nothing, to see what a training takes; the device need not be there. A GPU's
   * attention is our own, which takes a little more memory than cuDNN's.
   *
   * @param threads of the processor that would compute, where it is the processor
   */
  public Backend dry(int threads) {
    if (!isGpu()) {
      return CpuBackend.dry(threads);
    }
    Map<String, String> own = new HashMap<>(choices);
    own.putAll(AttentionChoice.OWN.asOption());
    return CudaBackend.dry(new CudaBackend.Options(own, false, false));
  }

  private UserError unusable(String why, Exception cause) {
    return new UserError(
        Words.of("cannot use %s: %s; use the device cpu", this, oneLine(why)),
        cause,
        Remedy.parameter("device", "cpu"),
        Remedy.step(Remedy.Kind.DOCTOR));
  }

  /** The whole memory in bytes, of the GPU or of the machine, if the system says. */
  public OptionalLong totalMemory() {
    return isGpu() ? memory() : MemoryInfo.current().total();
  }

  /** The memory in bytes that a new process can have, of the GPU or of the machine. */
  public OptionalLong availableMemory() {
    return isGpu() ? memory() : MemoryInfo.current().available();
  }

  /** The memory of a GPU in bytes; empty for the processor and for a GPU that is not there. */
  private OptionalLong memory() {
    return Cuda.probe().devices().stream()
        .filter(facts -> gpu.isPresent() && facts.index() == gpu.get())
        .mapToLong(facts -> facts.bytes())
        .findFirst();
  }

  @Override
  public String toString() {
    return gpu.map(index -> "cuda:" + index).orElse("cpu");
  }
}
