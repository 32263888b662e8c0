package dev.tiebreak.trainer.lab.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What Linux says about the processor.
 *
 * @param model its name, or the architecture where the system does not say
 * @param features the instruction sets that matter to matrix products, in the system's spelling
 */
public record Processor(String model, List<String> features) {
  private static final List<String> OF_INTEREST =
      List.of(
          ("sse4_2 avx avx2 fma avx512f avx512bw avx512dq avx512vl avx512_vnni avx512_bf16"
                  + " amx_tile asimd sve sve2")
              .split(" "));

  public static Processor current() {
    String architecture = System.getProperty("os.arch");
    try {
      return parse(Files.readString(Path.of("/proc/cpuinfo")), architecture);
    } catch (IOException e) {
      return new Processor(architecture, List.of()); // not Linux
    }
  }

  /** Reads the text of {@code /proc/cpuinfo}. */
  static Processor parse(String cpuinfo, String architecture) {
    Set<String> flags =
        field(cpuinfo, "flags")
            .or(() -> field(cpuinfo, "Features"))
            .map(line -> Set.of(line.split("\\s+")))
            .orElse(Set.of());
    return new Processor(
        field(cpuinfo, "model name").orElse(architecture),
        OF_INTEREST.stream().filter(flags::contains).toList());
  }

  private static Optional<String> field(String cpuinfo, String name) {
    return cpuinfo
        .lines()
        .filter(line -> line.matches(name + "\\s*:.*"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  /** Whether it has the 512-bit instructions that OpenBLAS's widest kernels need. */
  public boolean hasAvx512() {
    return features.containsAll(List.of("avx512f", "avx512bw", "avx512dq", "avx512vl"));
  }
}
