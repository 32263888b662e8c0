package dev.tiebreak.trainer.lab.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much memory there is.
 *
 * @param total bytes of the machine or container, if the system says
 * @param available bytes that a new process can have, if the system says
 */
public record MemoryInfo(OptionalLong total, OptionalLong available) {
  private static final int BYTES_PER_KB = 1024;

  /** The memory of the machine or container that this process runs in. */
  public static MemoryInfo current() {
    String meminfo = read("/proc/meminfo");
    return parse(meminfo, read("/sys/fs/cgroup/memory.max"), read("/sys/fs/cgroup/memory.current"));
  }

  /**
   * Reads what Linux says.
   *
   * @param meminfo the text of {@code /proc/meminfo}, or empty
   * @param limit the container's limit in bytes, {@code max}, or empty
   * @param used what the container uses of it, or empty
   */
  static MemoryInfo parse(String meminfo, String limit, String used) {
    OptionalLong total = kilobytes(meminfo, "MemTotal");
    OptionalLong available = kilobytes(meminfo, "MemAvailable");
    if (limit.matches("[0-9]+") && used.matches("[0-9]+")) {
      long most = Long.parseLong(limit);
      total = smaller(total, most);
      available = smaller(available, Math.max(0, most - Long.parseLong(used)));
    }
    return new MemoryInfo(total, available);
  }

  private static OptionalLong smaller(OptionalLong a, long b) {
    return OptionalLong.of(Math.min(a.orElse(Long.MAX_VALUE), b));
  }

  private static OptionalLong kilobytes(String meminfo, String name) {
    Matcher matcher = Pattern.compile("(?m)^" + name + ":\\s+([0-9]+) kB").matcher(meminfo);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)) * BYTES_PER_KB)
        : OptionalLong.empty();
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      return ""; // not Linux, or no container
    }
  }
}
