package dev.tiebreak.tests.gpu;

import dev.tiebreak.bindings.cuda.Event;
import dev.tiebreak.tensor.CudaBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/** Times work on the GPU by events, without waiting between repeats. */
final class Stopwatch {
  private static final int WARM_UP = 3;

  private Stopwatch() {}

  /** The median milliseconds of so many repeats, after some more that do not count. */
  static double median(CudaBackend cuda, int repeats, IntConsumer action) {
    for (int i = -WARM_UP; i < 0; i++) {
      action.accept(i);
    }
    return median(times(cuda, repeats, action));
  }

  /** The milliseconds of each repeat. */
  static double[] times(CudaBackend cuda, int repeats, IntConsumer action) {
    List<Event> marks = new ArrayList<>();
    try {
      marks.add(mark(cuda));
      for (int i = 0; i < repeats; i++) {
        action.accept(i);
        marks.add(mark(cuda));
      }
      marks.getLast().synchronize();
      double[] times = new double[repeats];
      for (int i = 0; i < repeats; i++) {
        times[i] = marks.get(i + 1).millisecondsSince(marks.get(i));
      }
      return times;
    } finally {
      marks.forEach(Event::close);
    }
  }

  private static Event mark(CudaBackend cuda) {
    Event event = Event.timed();
    event.record(cuda.stream());
    return event;
  }

  /** The middle one, or the mean of the middle two. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }
}
