package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Quantities;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.train.EvaluationPoint;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.lab.train.RunSummary;
import dev.tiebreak.trainer.lab.train.StepMetrics;
import dev.tiebreak.trainer.lab.train.TrainListener;
import dev.tiebreak.trainer.study.RunEnd;
import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.StudyListener;
import dev.tiebreak.trainer.study.StudyPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws the trainings of a study on the error stream: at a terminal one table that is redrawn, with
 * a line for each run; elsewhere a line for every evaluation and for every run that ends.
 */
final class StudyProgress implements StudyListener {
  private static final long REDRAW_NANOS = 200_000_000L;
  private static final int MOST_ROWS = 24;
  private static final double SMOOTHING = 0.1; // share of the newest step in the rate shown

  private final Terminal terminal;
  private final int width;
  private final StudyFolder folder;
  private final Map<RunId, Row> rows = new LinkedHashMap<>(); // guarded by this, as all below
  private long startNanos; // when the first training began
  private long tokensDone; // since then
  private long drawnNanos;
  private int drawnLines; // of the table that stands above the cursor
  private boolean finished;

  StudyProgress(Terminal terminal, StudyFolder folder, StudyPlan plan, List<RunId> runs) {
    this(terminal, terminal.width(), folder, plan, runs);
  }

  StudyProgress(
      Terminal terminal, int width, StudyFolder folder, StudyPlan plan, List<RunId> runs) {
    this.terminal = terminal;
    this.width = width;
    this.folder = folder;
    for (RunId run : runs) {
      TrainConfig config = plan.config(run);
      rows.put(run, new Row(run, config.training().steps(), config.tokensPerStep()));
    }
  }

  /** One run as it is drawn; hears its training. */
  private final class Row implements TrainListener {
    private final RunId run;
    private final long steps;
    private final long tokensPerStep;
    private String word = "waiting";
    private boolean training;
    private boolean over; // as far as this process is concerned
    private long step;
    private double valLoss = Double.NaN;
    private double rate; // tokens per second, smoothed

    Row(RunId run, long steps, long tokensPerStep) {
      this.run = run;
      this.steps = steps;
      this.tokensPerStep = tokensPerStep;
    }

    long tokensLeft() {
      return over ? 0 : (steps - step) * tokensPerStep;
    }

    @Override
    public void started(Start start) {
      synchronized (StudyProgress.this) {
        step = start.firstStep();
        word = "";
        if (start.firstStep() > 0 && !terminal.interactive()) {
          terminal.say(Words.of("%s  goes on after step %d", run, start.firstStep()));
        }
        redraw(false);
      }
    }

    @Override
    public void stepped(StepMetrics metrics, boolean logged) {
      synchronized (StudyProgress.this) {
        step = metrics.step();
        rate += (rate == 0 ? 1 : SMOOTHING) * (metrics.tokensPerSecond() - rate);
        tokensDone += tokensPerStep;
        redraw(false);
      }
    }

    @Override
    public void evaluated(EvaluationPoint point) {
      synchronized (StudyProgress.this) {
        valLoss = point.loss();
        if (!terminal.interactive()) {
          terminal.say(
              Words.of(
                  "%s  step %d/%d  val %.4f%s",
                  run,
                  step,
                  steps,
                  point.loss(),
                  rate == 0 ? "" : Words.of("  %,.0f tokens/s", rate)));
        }
        redraw(false);
      }
    }

    @Override
    public void note(String text) {
      StudyProgress.this.note(run + ": " + text);
    }
  }

  @Override
  public synchronized TrainListener training(RunId run) {
    Row row = rows.get(run);
    row.training = true;
    row.word = "starting";
    if (startNanos == 0) {
      startNanos = System.nanoTime();
    }
    return row;
  }

  @Override
  public synchronized void ended(RunEnd end) {
    Row row = rows.get(end.run());
    row.training = false;
    row.over = end.kind() != RunEnd.Kind.NOT_BEGUN && end.kind() != RunEnd.Kind.STOPPED;
    row.word = word(end.kind());
    if (end.isComplete()) {
      row.step = row.steps;
    }
    if (end.kind() == RunEnd.Kind.WAS_COMPLETE) {
      row.valLoss = RunSummary.load(new RunFolder(folder.run(end.run())).summary()).valLoss();
    }
    if (!end.reason().isEmpty()) {
      above(end.run() + "  " + row.word + ": " + end.reason());
    } else if (!terminal.interactive() && end.kind() != RunEnd.Kind.NOT_BEGUN) {
      terminal.say(end.run() + "  " + row.word + "  (" + total() + ")");
    }
    redraw(true);
  }

  static String word(RunEnd.Kind kind) {
    return switch (kind) {
      case WAS_COMPLETE -> "complete before";
      case TRAINED -> "complete";
      case STOPPED -> "stopped";
      case NOT_BEGUN -> "waiting";
      case ELSEWHERE -> "in another process";
      case WAS_ABORTED -> "given up before";
      case FAILED -> "failed";
    };
  }

  /** A sentence for the user, above the table. */
  synchronized void note(String text) {
    above("Note: " + text + ".");
    redraw(true);
  }

  /** Draws the last table; what is printed next stands below it. */
  synchronized void finish() {
    redraw(true);
    finished = true;
  }

  private void above(String line) {
    if (drawnLines > 0) {
      terminal.err().print("\u001B[" + drawnLines + "A\r\u001B[J"); // up, and clear all below
      drawnLines = 0;
    }
    terminal.say(line);
  }

  private void redraw(boolean now) {
    long time = System.nanoTime();
    boolean soon = !now && drawnNanos != 0 && time - drawnNanos < REDRAW_NANOS;
    if (!terminal.interactive() || finished || soon) {
      return;
    }
    StringBuilder text = new StringBuilder();
    if (drawnLines > 0) {
      text.append("\u001B[").append(drawnLines).append("A\r\u001B[J");
    }
    List<String> lines = table();
    lines.forEach(line -> text.append(line).append('\n'));
    terminal.err().print(text);
    terminal.err().flush();
    drawnLines = lines.size();
    drawnNanos = time;
  }

  /** The table as lines that are not longer than the terminal is wide. */
  private List<String> table() {
    int armWidth = rows.keySet().stream().mapToInt(run -> run.arm().length()).max().orElse(0);
    String format = "%-" + Math.max(3, armWidth) + "s %6s %13s %9s %10s  %s";
    List<String> lines = new ArrayList<>();
    lines.add(Words.of(format, "arm", "seed", "step", "val loss", "tokens/s", "ETA"));
    List<Row> shown = new ArrayList<>(rows.values());
    if (shown.size() > MOST_ROWS) {
      shown.removeIf(row -> !row.training);
    }
    for (Row row : shown) {
      lines.add(
          Words.of(
              format,
              row.run.arm(),
              row.run.seed(),
              row.step == 0 && !row.training ? "" : row.step + "/" + row.steps,
              Double.isNaN(row.valLoss) ? "" : Words.of("%.4f", row.valLoss),
              row.training && row.rate > 0 ? Words.of("%,.0f", row.rate) : "",
              row.training && row.rate > 0
                  ? Quantities.clock(row.tokensLeft() / row.rate)
                  : row.word));
    }
    lines.add(total());
    return lines.stream()
        .map(line -> line.substring(0, Math.min(width - 1, line.length())))
        .toList();
  }

  /** 3 of 8 runs complete, ETA 12:34. */
  private String total() {
    long complete = rows.values().stream().filter(row -> row.over && row.step == row.steps).count();
    long left = rows.values().stream().mapToLong(Row::tokensLeft).sum();
    double seconds = startNanos == 0 ? 0 : (System.nanoTime() - startNanos) / 1e9;
    String eta =
        left == 0 || tokensDone == 0
            ? ""
            : ", ETA " + Quantities.clock(left * seconds / tokensDone);
    return complete + " of " + rows.size() + " runs complete" + eta;
  }
}
