package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.losses.Metric;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.examine.Examination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The steps of one run, with metrics, evaluations and checkpoints between them. */
final class TrainingLoop {
  private static final String WEIGHT_REMEDY =
      "try a smaller gain.s, a larger gain.floor, a narrower gain.clamp, a smaller layer_scaling.cap,"
          + " or another limit";

  private final TrainConfig config;
  private final RunFolder folder;
  private final RunManifest manifest;
  private final Assembly parts;
  private final LastExamination examination;
  private final TrainListener listener;
  private final BooleanSupplier stopRequested;
  private final long steps;

  private MetricsLog metrics;
  private long queued; // steps that the device has been asked for
  private long done; // those that are known to have gone well
  private TrainStep.Pending pending; // the step between the two, or null
  private Checkpoint last; // null until there is one
  private long started; // clock, in nanoseconds
  private double secondsBefore; // this process
  private long stepNanos; // since the last logged step
  private long stepTokens;

  TrainingLoop(
      TrainConfig config,
      RunFolder folder,
      RunManifest manifest,
      Assembly parts,
      TrainListener listener,
      BooleanSupplier stopRequested) {
    this.config = config;
    this.folder = folder;
    this.manifest = manifest;
    this.parts = parts;
    this.examination = new LastExamination(config, folder, parts.examiner());
    this.listener = listener;
    this.stopRequested = stopRequested;
    this.steps = config.training().steps();
  }

  /** Runs until all steps are done or a stop is requested. */
  TrainResult run(MetricsLog log, Optional<Checkpoint> from) {
    metrics = log;
    last = from.orElse(null);
    done = from.map(Checkpoint::step).orElse(0L);
    queued = done;
    secondsBefore = log.seconds();
    started = System.nanoTime();
    listener.started(
        new TrainListener.Start(folder.path(), manifest, done, steps, config.tokensPerStep()));
    evaluateIfDue();
    while (queued < steps && !stopRequested.getAsBoolean()) {
      queueStep();
      if (isEvaluated(queued) || isSaved(queued)) {
        finishStep();
        evaluateIfDue();
        if (isSaved(queued)) {
          save();
        }
      }
    }
    finishStep();
    if (last == null || last.step() != done) {
      save();
    }
    return result();
  }

  /**
   * Asks for a step, and only then hears how the one before went: so the device never waits for
   * this. A logged step has been waited for anyway.
   */
  private void queueStep() {
    boolean logged = isLogged(queued + 1);
    long before = System.nanoTime();
    TrainStep.Pending next = parts.step().run(queued, logged);
    stepNanos += System.nanoTime() - before;
    stepTokens += config.tokensPerStep();
    finishStep();
    pending = next;
    queued++;
    if (logged) {
      finishStep();
    }
  }

  /** Waits for the pending step, if there is one, and tells how it went. */
  private void finishStep() {
    if (pending == null) {
      return;
    }
    long before = System.nanoTime();
    TrainStep.Outcome outcome = pending.outcome();
    pending = null;
    if (!outcome.finite()) {
      throw diverged(done + 1, numbers(outcome), notFinite(outcome) + " in step " + (done + 1));
    }
    done++;
    stepNanos += System.nanoTime() - before;
    StepMetrics stepMetrics =
        new StepMetrics(
            done,
            done * config.tokensPerStep(),
            outcome.loss(),
            outcome.shapedLoss(),
            outcome.learningRate(),
            outcome.gradientNorm(),
            outcome.clip(),
            outcome.diagnostics(),
            stepTokens * 1e9 / Math.max(1, stepNanos),
            seconds());
    boolean logged = isLogged(done);
    if (logged) {
      writing(() -> metrics.write(stepMetrics));
      stepNanos = 0;
      stepTokens = 0;
    }
    listener.stepped(stepMetrics, logged);
    AbortRecord.reason(config.abort(), outcome.extremes())
        .ifPresent(reason -> {
          throw aborted(done, numbers(outcome), reason + " in step " + done, WEIGHT_REMEDY);
        });
  }

  private boolean isLogged(long step) {
    return step == 1 || step % config.logging().every() == 0 || step == steps;
  }

  private boolean isEvaluated(long step) {
    return step % config.evaluation().every() == 0 || step == steps;
  }

  private boolean isSaved(long step) {
    int every = config.checkpoint().every();
    return every > 0 && step % every == 0;
  }

  private void evaluateIfDue() {
    if (!isEvaluated(done) || metrics.isEvaluated(done)) {
      return;
    }
    double loss = parts.evaluator().loss();
    requireFinite(loss);
    Optional<Examination> more = examination.at(done);
    EvaluationPoint point = new EvaluationPoint(done, loss, seconds());
    writing(() -> metrics.write(point, more));
    listener.evaluated(point);
  }

  /** Saves weights that give a finite loss; so every checkpoint is one that can be gone back to. */
  private void save() {
    requireFinite(parts.evaluator().probe());
    writing(() -> {
      metrics.force();
      int keep = config.checkpoint().keep();
      last = parts.learner().save(folder.checkpoints(), done, manifest.configHash(), keep);
    });
    listener.saved(last);
  }

  /** Adds to the error of a full disk where the run can go on from once that is mended. */
  private void writing(Runnable write) {
    try {
      write.run();
    } catch (UserError e) {
      throw new UserError(
          Words.of(
              "%s; training stopped after step %d, %s%s",
              e.getMessage(), done, lastGood(), last == null ? "" : ": resume from there"),
          e,
          last == null ? new Remedy[0] : new Remedy[] {Remedy.parameter("resume")});
    }
  }

  private String lastGood() {
    return last == null
        ? "there is no checkpoint before it"
        : "the last good checkpoint is " + last.folder();
  }

  private TrainResult result() {
    boolean complete = done == steps;
    List<EvaluationPoint> curve = metrics.evaluations();
    EvaluationPoint none = new EvaluationPoint(done, Double.NaN, 0); // metrics were removed
    EvaluationPoint best =
        curve.stream().min(Comparator.comparingDouble(EvaluationPoint::loss)).orElse(none);
    RunSummary summary =
        new RunSummary(
            manifest.arm(),
            done,
            done * config.tokensPerStep(),
            manifest.parameters(),
            curve.isEmpty() ? none.loss() : curve.getLast().loss(),
            best.loss(),
            best.step(),
            WeightsHash.of(parts.learner().model().parameters()),
            new RunSummary.Timing(metrics.medianTokensPerSecond(), seconds()));
    if (complete) {
      writing(examination::write);
      try {
        RunSummary.FORMAT.write(folder.summary(), summary);
        Files.deleteIfExists(folder.aborted()); // it went well after all
      } catch (IOException e) {
        throw UserError.io("remove", folder.aborted(), e);
      }
    }
    return new TrainResult(complete, summary, curve, manifest, last);
  }

  private double seconds() {
    return secondsBefore + (System.nanoTime() - started) / 1e9;
  }

  private void requireFinite(double validationLoss) {
    if (!Double.isFinite(validationLoss)) {
      throw diverged(
          done,
          Map.of("val_loss", validationLoss),
          "the validation loss is " + validationLoss + " after step " + done);
    }
  }

  private static String notFinite(TrainStep.Outcome outcome) {
    if (!Double.isFinite(outcome.loss())) {
      return "the loss is " + outcome.loss();
    }
    return Double.isFinite(outcome.shapedLoss())
        ? "the gradient's norm is " + outcome.gradientNorm()
        : "the shaped loss is " + outcome.shapedLoss();
  }

  private static Map<String, Double> numbers(TrainStep.Outcome outcome) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("loss", outcome.loss());
    numbers.put("shaped_loss", outcome.shapedLoss());
    numbers.put("lr", outcome.learningRate());
    numbers.put(Metric.GRADIENT_NORM, outcome.gradientNorm());
    numbers.put("clip", outcome.clip());
    numbers.put(Metric.STEP_WEIGHT, outcome.extremes().weight());
    numbers.put(Metric.STEP_VARIANCE, outcome.extremes().variance());
    numbers.put(Metric.STEP_FACTOR, outcome.extremes().factor());
    numbers.putAll(outcome.diagnostics());
    return numbers;
  }

  private UserError diverged(long step, Map<String, Double> numbers, String what) {
    String shaped = config.gain().isNone() ? "" : ", a smaller gain.s or a narrower gain.clamp";
    String remedy =
        Words.of(
            "try a lower optimizer.lr (now %s), a longer optimizer.warmup (now %d) or a smaller optimizer.clip (now %s)%s",
            config.optimizer().lr(),
            config.optimizer().warmup(),
            config.optimizer().clip(),
            shaped);
    return aborted(step, numbers, what, remedy);
  }

  /** Records in the run's folder why it ends here, and says it. */
  private UserError aborted(long step, Map<String, Double> numbers, String what, String remedy) {
    Path file = folder.aborted();
    UserError error =
        new UserError(
            Words.of(
                "training stopped, %s; nothing of it was saved, %s; %s; the numbers are in %s",
                what, lastGood(), remedy, file));
    try {
      AbortRecord.FORMAT.write(file, new AbortRecord(step, what, numbers));
    } catch (UserError e) {
      error.addSuppressed(e);
    }
    return error;
  }
}
