package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Words;

/** Numbers of bytes as people read them: powers of 1000, as disks and RAM shops count. */
final class Bytes {
  private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

  private Bytes() {}

  /** Such as {@code 512 bytes}, {@code 1.5 MB}, {@code 24 GB}. */
  static String of(long bytes) {
    if (bytes < 1000) {
      return bytes + " bytes";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 999.5) {
      value /= 1000;
      unit++;
    }
    return Words.of(value < 9.95 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
  }
}
