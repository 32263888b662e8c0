package dev.tiebreak.bindings.cuda;

import dev.tiebreak.bindings.NativeLibraryException;
import dev.tiebreak.bindings.raw.driver.DriverApi;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What of CUDA is on this machine, and for what is not the reason, one line each.
 *
 * @param libraries one finding per library, in the order of {@link CudaLibrary}
 * @param devices the GPUs
 * @param noDevice why there is none, if there is none
 */
public record CudaProbe(
    List<Finding> libraries, List<DeviceFacts> devices, Optional<String> noDevice) {

  /**
   * A library, found or not.
   *
   * @param path its absolute path, if it was loaded
   * @param line what was found, or what is missing and what to do about it
   */
  public record Finding(CudaLibrary library, Optional<Path> path, String line) {}

  static CudaProbe of(CudaLibraries libraries) {
    List<Finding> findings =
        Stream.of(CudaLibrary.values()).map(library -> finding(libraries, library)).toList();
    if (findings.getFirst().path().isEmpty()) {
      return new CudaProbe(findings, List.of(), Optional.of("without the driver, no GPU is seen"));
    }
    try {
      List<DeviceFacts> devices = seenDevices();
      return new CudaProbe(
          findings,
          devices,
          devices.isEmpty() ? Optional.of("the driver sees no GPU") : Optional.empty());
    } catch (CudaException e) {
      return new CudaProbe(findings, List.of(), Optional.of(e.getMessage()));
    }
  }

  private static Finding finding(CudaLibraries libraries, CudaLibrary library) {
    try {
      CudaLibraries.Loaded loaded = libraries.load(library);
      return new Finding(
          library,
          Optional.of(loaded.path()),
          String.format(
              Locale.ROOT,
              "%s %s: %s (%s)",
              library.title(),
              loaded.version(),
              loaded.path(),
              loaded.origin()));
    } catch (NativeLibraryException | CudaException e) {
      return new Finding(library, Optional.empty(), e.getMessage().replaceAll("\\s*\\R\\s*", " "));
    }
  }

  private static List<DeviceFacts> seenDevices() {
    Status.check(CudaLibrary.DRIVER, "cuInit", DriverApi.cuInit(0));
    int count = Out.integer(CudaLibrary.DRIVER, "cuDeviceGetCount", DriverApi::cuDeviceGetCount);
    return IntStream.range(0, count).mapToObj(DeviceFacts::of).toList();
  }

  /**
   * Why CUDA cannot be used here, in the words of the first thing that is missing, if it cannot.
   */
  public Optional<String> unusable() {
    return libraries.stream()
        .filter(finding -> finding.library().required() && finding.path().isEmpty())
        .map(Finding::line)
        .findFirst()
        .or(() -> noDevice);
  }

  /** Whether a library was loaded. */
  public boolean has(CudaLibrary library) {
    return libraries.stream()
        .anyMatch(finding -> finding.library() == library && finding.path().isPresent());
  }

  /** All of it as lines of text: the libraries, then the GPUs. */
  public List<String> lines() {
    Stream<String> gpus =
        devices.stream()
            .map(gpu ->
                String.format(
                    Locale.ROOT,
                    "GPU %d: %s, compute capability %s, %.1f GiB",
                    gpu.index(),
                    gpu.name(),
                    gpu.capability(),
                    gpu.bytes() / 0x1p30));
    return Stream.of(
            libraries.stream().map(Finding::line),
            gpus,
            noDevice.stream().map(reason -> "No GPU: " + reason))
        .flatMap(lines -> lines)
        .toList();
  }
}
