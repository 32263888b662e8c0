package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Words;

/** Says now and then how many of some things there are. Safe for several threads. */
final class Counter {
  private static final long LINE_NANOS = 10_000_000_000L;

  private final Terminal terminal;
  private final String format;
  private long total;
  private long done;
  private long saidNanos = System.nanoTime();

  /**
   * @param format of the number that there are and of the number that there will be
   */
  Counter(Terminal terminal, String format) {
    this.terminal = terminal;
    this.format = format;
  }

  synchronized void begin(long all) {
    total = all;
  }

  /** One more; says so if nothing was said for a while. */
  synchronized void another() {
    reached(done + 1, total, false);
  }

  /** So many of so many; says so if these are all, or if nothing was said for a while. */
  synchronized void reached(long now, long all) {
    reached(now, all, now == all);
  }

  private void reached(long now, long all, boolean always) {
    done = now;
    total = all;
    long time = System.nanoTime();
    if (always || time - saidNanos >= LINE_NANOS) {
      terminal.say(Words.of(format, done, total));
      saidNanos = time;
    }
  }
}
