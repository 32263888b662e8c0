package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.train.AbortRecord;
import dev.tiebreak.trainer.lab.train.EvaluationPoint;
import dev.tiebreak.trainer.lab.train.HeldRun;
import dev.tiebreak.trainer.lab.train.HeldRun.Mode;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.lab.train.RunFolder.State;
import dev.tiebreak.trainer.lab.train.RunManifest;
import dev.tiebreak.trainer.lab.train.StepMetrics;
import dev.tiebreak.trainer.lab.train.TrainListener;
import dev.tiebreak.trainer.lab.train.Trainer;
import dev.tiebreak.trainer.study.RunEnd.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Trains the runs of a study, several at once. A run that is complete is not trained again, one
 * that was interrupted goes on from its last checkpoint, one that another process trains is left to
 * it, and one that fails does not stop the others. Each training has a backend of its own; all read
 * one text.
 */
public final class StudyRunner {
  private final Study study;
  private final Dataset data;
  private final Device device;
  private final StudyListener listener;
  private final RunCheck check;
  private final Set<Trainer> active = new HashSet<>(); // guarded by this
  private boolean stopRequested; // guarded by this

  /**
   * @param data its text; must stay open
   */
  public StudyRunner(Study study, Dataset data, Device device, StudyListener listener) {
    this.study = study;
    this.data = data;
    this.device = device;
    this.listener = listener;
    this.check = new RunCheck(study, RunManifest.Data.of(data));
  }

  /**
   * Asks all trainings for an end after their current step, with checkpoints. May be called from
   * any thread.
   */
  public synchronized void requestStop() {
    stopRequested = true;
    active.forEach(Trainer::requestStop);
  }

  /**
   * Trains runs in their order until all are done or a stop is requested.
   *
   * @param parallel how many trainings at once, at least 1
   * @return how each ended, in the same order
   */
  public List<RunEnd> run(List<RunId> runs, int parallel) {
    List<Future<RunEnd>> turns = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(
            parallel, Thread.ofPlatform().name("training-", 0).factory())) {
      runs.forEach(run -> turns.add(threads.submit(() -> turn(run))));
    } // waits for all
    return turns.stream().map(StudyRunner::result).toList();
  }

  private static RunEnd result(Future<RunEnd> turn) {
    if (turn.state() == Future.State.SUCCESS) {
      return turn.resultNow();
    }
    switch (turn.exceptionNow()) { // a fault of the program: not of one run only
      case Error error -> throw error;
      case RuntimeException fault -> throw fault;
      case Throwable other -> throw new IllegalStateException(other);
    }
  }

  private RunEnd turn(RunId run) {
    RunEnd end;
    try {
      end = tryTurn(run);
    } catch (UserError e) {
      end = new RunEnd(run, Kind.FAILED, e.getMessage());
    }
    listener.ended(end);
    return end;
  }

  private RunEnd tryTurn(RunId run) {
    Path path = study.folder().run(run);
    RunFolder files = new RunFolder(path);
    while (true) {
      State state = files.state();
      check
          .manifest(run)
          .flatMap(manifest -> check.problem(run, manifest))
          .ifPresent(problem -> {
            throw new UserError(path + " " + problem + "; move it away to train this run anew");
          });
      if (state == State.COMPLETE) {
        return new RunEnd(run, Kind.WAS_COMPLETE);
      }
      if (state == State.ABORTED) {
        String reason = AbortRecord.FORMAT.read(files.aborted()).inWords();
        String remedy = "; move " + path + " away to train it anew";
        return new RunEnd(run, Kind.WAS_ABORTED, reason + remedy);
      }
      if (isStopRequested()) {
        return new RunEnd(run, Kind.NOT_BEGUN);
      }
      // Where no run has begun there is nothing to lose but what a killed process left.
      Mode mode = state == State.BEGUN ? Mode.RESUME : Mode.OVERWRITE;
      Optional<HeldRun> free = HeldRun.openIfFree(path, mode);
      if (free.isEmpty()) {
        return new RunEnd(run, Kind.ELSEWHERE);
      }
      try (HeldRun folder = free.get()) {
        if (files.state() == state) { // else another process was here just now
          return new RunEnd(run, train(run, folder) ? Kind.TRAINED : Kind.STOPPED);
        }
      }
    }
  }

  private synchronized boolean isStopRequested() {
    return stopRequested;
  }

  private boolean train(RunId run, HeldRun folder) {
    TrainListener watched = new TwinWatch(run, listener.training(run));
    Trainer trainer = new Trainer(study.plan().config(run), data, folder, device, watched);
    synchronized (this) {
      active.add(trainer);
      if (stopRequested) {
        trainer.requestStop();
      }
    }
    try {
      return trainer.run().complete();
    } finally {
      synchronized (this) {
        active.remove(trainer);
      }
    }
  }

  /** Ends a training at once whose initial weights are not its twins', and passes on the rest. */
  private final class TwinWatch implements TrainListener {
    private final RunId run;
    private final TrainListener next;

    TwinWatch(RunId run, TrainListener next) {
      this.run = run;
      this.next = next;
    }

    @Override
    public void started(Start start) {
      check
          .twins(run, start.manifest())
          .ifPresent(problem -> {
            throw new UserError(
                Words.of(
                    "%s %s; they may come from other machines or programs, and cannot be compared",
                    start.folder(), problem));
          });
      next.started(start);
    }

    @Override
    public void stepped(StepMetrics metrics, boolean logged) {
      next.stepped(metrics, logged);
    }

    @Override
    public void evaluated(EvaluationPoint point) {
      next.evaluated(point);
    }

    @Override
    public void saved(Checkpoint checkpoint) {
      next.saved(checkpoint);
    }

    @Override
    public void note(String text) {
      next.note(text);
    }
  }
}
