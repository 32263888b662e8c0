package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Quantities;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.train.EvaluationPoint;
import dev.tiebreak.trainer.lab.train.StepMetrics;
import dev.tiebreak.trainer.lab.train.TrainListener;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws a training on the error stream: at a terminal one line that is redrawn, as wide as the
 * terminal allows; elsewhere a line per evaluation, and now and then one between them.
 */
final class TrainProgress implements TrainListener {
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long LINE_NANOS = 10_000_000_000L;
  private static final int NARROWEST_BAR = 8;
  private static final int WIDEST_BAR = 40;
  private static final double SMOOTHING = 0.1; // share of the newest step in the rate shown

  private final Terminal terminal;
  private final int width;
  private Start start;
  private long startNanos;
  private long drawnNanos;
  private double valLoss = Double.NaN;
  private double rate; // tokens per second, smoothed
  private StepMetrics latest;
  private boolean onLine; // the cursor is behind a bar

  TrainProgress(Terminal terminal) {
    this(terminal, terminal.width());
  }

  TrainProgress(Terminal terminal, int width) {
    this.terminal = terminal;
    this.width = width;
  }

  @Override
  public synchronized void started(Start started) {
    start = started;
    startNanos = System.nanoTime();
    drawnNanos = startNanos;
    if (started.firstStep() == started.steps()) {
      note(Words.of("all %,d steps are done already; nothing is trained", started.steps()));
    } else if (started.firstStep() > 0) {
      note(Words.of("going on after step %,d of %,d", started.firstStep(), started.steps()));
    }
  }

  @Override
  public synchronized void stepped(StepMetrics metrics, boolean logged) {
    double newest = metrics.tokensPerSecond();
    rate = latest == null ? newest : rate + SMOOTHING * (newest - rate);
    latest = metrics;
    long now = System.nanoTime();
    if (terminal.interactive()) {
      if (now - drawnNanos >= REDRAW_NANOS || metrics.step() == start.steps()) {
        draw(now);
      }
    } else if (logged && now - drawnNanos >= LINE_NANOS) {
      line(now, false);
    }
  }

  @Override
  public synchronized void evaluated(EvaluationPoint point) {
    valLoss = point.loss();
    long now = System.nanoTime();
    if (!terminal.interactive()) {
      line(now, true);
    } else if (latest != null) {
      draw(now);
    }
  }

  @Override
  public synchronized void note(String text) {
    finish();
    terminal.err().println("Note: " + text + ".");
    terminal.err().flush();
  }

  /** Leaves the redrawn line, so that what is printed next has a line of its own. */
  synchronized void finish() {
    if (onLine) {
      terminal.err().println();
      terminal.err().flush();
      onLine = false;
    }
  }

  private void draw(long now) {
    terminal.err().print("\r" + bar(now) + "\u001B[K"); // clears the rest of an older line
    terminal.err().flush();
    drawnNanos = now;
    onLine = true;
  }

  private void line(long now, boolean evaluated) {
    long step = latest == null ? start.firstStep() : latest.step();
    List<String> parts = parts(now, evaluated);
    terminal.err().println("step " + step + "/" + start.steps() + "  " + String.join("  ", parts));
    terminal.err().flush();
    drawnNanos = now;
  }

  /** The bar with as many numbers as fit, the most important first. */
  private String bar(long now) {
    String counter = "step " + latest.step() + "/" + start.steps();
    StringBuilder numbers = new StringBuilder();
    for (String part : parts(now, true)) {
      if (counter.length() + numbers.length() + part.length() + 2 < width) {
        numbers.append("  ").append(part);
      }
    }
    int room = width - 1 - counter.length() - numbers.length() - 3; // a space and two brackets
    if (room < NARROWEST_BAR) {
      String line = counter + numbers;
      return line.substring(0, Math.min(width - 1, line.length()));
    }
    int cells = Math.min(room, WIDEST_BAR);
    int full = (int) (cells * latest.step() / start.steps());
    return counter + " [" + "=".repeat(full) + " ".repeat(cells - full) + "]" + numbers;
  }

  private List<String> parts(long now, boolean withValidation) {
    List<String> parts = new ArrayList<>();
    if (latest != null) {
      parts.add("loss " + number(latest.loss()));
    }
    if (withValidation && !Double.isNaN(valLoss)) {
      parts.add("val " + number(valLoss));
    }
    if (latest != null && latest.step() > start.firstStep()) {
      parts.add(Words.of("%,.0f tokens/s", rate));
      double perStep = (double) (now - startNanos) / (latest.step() - start.firstStep());
      parts.add("ETA " + Quantities.clock(perStep * (start.steps() - latest.step()) / 1e9));
    }
    return parts;
  }

  private static String number(double loss) {
    return Words.of("%.4f", loss);
  }
}
