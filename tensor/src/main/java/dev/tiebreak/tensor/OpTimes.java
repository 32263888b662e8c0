package dev.tiebreak.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the time of a step goes: wall-clock time by operation and direction, for tapes opened with
 * {@link Tape#timed}.
 *
 * <p>The time of an operation is what passed on the thread that builds the graph from the record of
 * the operation before it to its own record, so that the parts add up to the whole pass. On a GPU
 * that is the time to ask for the work, not to do it.
 */
public final class OpTimes {
  /**
   * All runs of one operation in one direction.
   *
   * @param operation as its class is called
   * @param backward whether it is the way back
   * @param runs how often it ran
   * @param seconds of all runs together
   */
  public record Total(String operation, boolean backward, int runs, double seconds) {
    private Total plus(double more) {
      return new Total(operation, backward, runs + 1, seconds + more);
    }
  }

  private record Key(String operation, boolean backward) {}

  private final Map<Key, Total> totals = new HashMap<>();
  private long last;

  /** Nothing measured yet. */
  public OpTimes() {}

  /** Forgets what was measured. */
  public void clear() {
    totals.clear();
  }

  /** What was measured so far, the longest first. */
  public List<Total> totals() {
    List<Total> sorted = new ArrayList<>(totals.values());
    sorted.sort(Comparator.comparingDouble(Total::seconds).reversed());
    return sorted;
  }

  /** What an operation is called: as the class that its backward is a lambda of. */
  static String name(Class<?> lambda) {
    return lambda.getNestHost().getSimpleName();
  }

  /** The next operation begins now. */
  void begin() {
    last = System.nanoTime();
  }

  /**
   * An operation has ended, and the next begins.
   *
   * @param lambda the class of the operation's backward
   */
  void end(Class<?> lambda, boolean backward) {
    long now = System.nanoTime();
    String operation = name(lambda);
    Total none = new Total(operation, backward, 0, 0);
    Key key = new Key(operation, backward);
    totals.put(key, totals.getOrDefault(key, none).plus((now - last) * 1e-9));
    last = System.nanoTime();
  }
}
