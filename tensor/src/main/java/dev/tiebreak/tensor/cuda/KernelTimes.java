package dev.tiebreak.tensor.cuda;

import dev.tiebreak.bindings.cuda.Event;
import dev.tiebreak.bindings.cuda.Stream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long each kernel takes on the GPU, by name, while it is switched on. Two events stand around
 * each launch, so a kernel's time has the gap before it in it; use it for shares, not for totals.
 */
public final class KernelTimes implements AutoCloseable {
  /**
   * The launches of one kernel.
   *
   * @param launches how many
   * @param milliseconds of all together
   */
  public record Total(int launches, double milliseconds) {
    private Total plus(double more) {
      return new Total(launches + 1, milliseconds + more);
    }
  }

  private record Launch(String name, Event start, Event end) {}

  private final Stream stream;
  private final List<Launch> launches = new ArrayList<>();
  private final Deque<Event> free = new ArrayDeque<>();
  private boolean on;
  private Launch open;

  /** Switched off at first. */
  public KernelTimes(Stream stream) {
    this.stream = stream;
  }

  /** Forgets what was measured and measures from now on. */
  public void start() {
    recycle();
    on = true;
  }

  /** Waits for the GPU and returns what was measured since {@link #start}, by kernel. */
  public Map<String, Total> stop() {
    on = false;
    stream.synchronize();
    Map<String, Total> totals = new LinkedHashMap<>();
    for (Launch launch : launches) {
      double milliseconds = launch.end.millisecondsSince(launch.start);
      totals.merge(
          launch.name, new Total(1, milliseconds), (total, one) -> total.plus(one.milliseconds()));
    }
    recycle();
    return totals;
  }

  /** Whether it measures now: for names that cost something to make. */
  public boolean isOn() {
    return on;
  }

  /** Called before a launch. */
  public void begin(String name) {
    if (on) {
      open = new Launch(name, event(), event());
      open.start.record(stream);
    }
  }

  /** Called after it. */
  public void end() {
    if (on && open != null) {
      open.end.record(stream);
      launches.add(open);
      open = null;
    }
  }

  private Event event() {
    Event event = free.poll();
    return event == null ? Event.timed() : event;
  }

  private void recycle() {
    for (Launch launch : launches) {
      free.add(launch.start);
      free.add(launch.end);
    }
    launches.clear();
  }

  @Override
  public void close() {
    recycle();
    free.forEach(Event::close);
  }
}
