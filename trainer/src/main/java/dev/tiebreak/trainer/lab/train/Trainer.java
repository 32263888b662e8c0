package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.OutOfTensorMemoryException;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Batches;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Device;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Trains one model from its configuration to its last checkpoint. After each step, where it is due:
 * metrics, evaluation, checkpoint, in this order. A run that is resumed goes on from its last
 * checkpoint to the same bytes as one that was never interrupted.
 *
 * <p>Weights, gradients and moments live in a model scope, activations in a step scope; after the
 * first step neither grows.
 */
public final class Trainer {
  private final TrainConfig config;
  private final Dataset data;
  private final HeldRun run;
  private final RunFolder folder;
  private final Device device;
  private final TrainListener listener;
  private volatile boolean stopRequested;

  /**
   * @param config what to train; for a resumed run the one in its folder
   * @param data the prepared text; must stay open
   * @param run where to write, opened for this training
   * @param listener told how it goes, on the thread that runs
   */
  public Trainer(
      TrainConfig config, Dataset data, HeldRun run, Device device, TrainListener listener) {
    this.config = config;
    this.data = data;
    this.run = run;
    this.folder = run.folder();
    this.device = device;
    this.listener = listener;
  }

  /**
   * Asks for an end after the current step, with a checkpoint. May be called from any thread, also
   * before {@link #run}.
   */
  public void requestStop() {
    stopRequested = true;
  }

  /**
   * Trains until all steps are done or a stop is requested.
   *
   * @return the result; not complete if a stop was requested
   * @throws UserError if the text is too short, the loss is not finite, a file cannot be read or
   *     written, the memory does not suffice, or a run to resume is not this one
   */
  public TrainResult run() {
    int threads = threads();
    try (Backend backend = device.open(threads);
        Scope modelScope = backend.newScope("model");
        Scope stepScope = backend.newScope("step");
        LoadedModel reference = reference(backend)) { // or null
      return run(backend, modelScope, stepScope, reference);
    } catch (OutOfTensorMemoryException e) {
      throw new UserError(e.getMessage(), e);
    }
  }

  /** A resumed run keeps its number of threads: other numbers round differently. */
  private int threads() {
    boolean keep = run.isResumed() && config.training().threads() == 0;
    return keep
        ? RunManifest.load(folder.manifest()).machine().threads()
        : config.training().threadCount();
  }

  /** The model that the gain compares with; null if it compares with none. */
  private LoadedModel reference(Backend backend) {
    return config.gain().needsReference()
        ? ReferenceModel.open(config, data.tokenizer(), backend)
        : null;
  }

  private TrainResult run(
      Backend backend, Scope modelScope, Scope stepScope, LoadedModel reference) {
    int batch = config.training().batch();
    int length = config.model().sequenceLength();
    Batches batches = new Batches(data, batch, length, config.training().seed());
    Assembly parts =
        Assembly.of(
            config,
            data.manifest().vocabulary(),
            modelScope,
            stepScope,
            reference == null ? null : reference.model(),
            batches,
            batches.evaluation(config.evaluation().batches()));
    RunManifest manifest = manifest(batches, parts.learner().model(), backend);
    TrainingLoop loop =
        new TrainingLoop(config, folder, manifest, parts, listener, () -> stopRequested);
    Optional<Checkpoint> from = Optional.empty();
    if (run.isResumed()) {
      from = resume(manifest, parts.learner());
    } else {
      run.begin(config, data.tokenizer(), manifest);
    }
    try (MetricsLog metrics = MetricsLog.open(folder.metrics(), from)) {
      return loop.run(metrics, from);
    }
  }

  /** Must be made while the weights are still the initial ones. */
  private RunManifest manifest(Batches batches, Gpt model, Backend backend) {
    long microBatches = (long) config.training().steps() * config.training().accumulation();
    return new RunManifest(
        config.arm(),
        config.training().seed(),
        model.parameterCount(),
        config.hash(),
        WeightsHash.of(model.parameters()),
        batches.orderHash(microBatches),
        RunManifest.Data.of(data),
        CodeVersion.current(),
        RunManifest.Machine.of(backend, threads()),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private Optional<Checkpoint> resume(RunManifest manifest, Learner learner) {
    RunManifest begun = RunManifest.load(folder.manifest());
    manifest.requireSameRun(begun, folder.path());
    if (!manifest.code().equals(begun.code())) {
      listener.note("this is not the build that began the run: the bytes may differ from there on");
    }
    if (!manifest.machine().equals(begun.machine())) {
      listener.note(
          "this is not the machine, Java or library that began the run: the bytes may differ");
    }
    folder.checkpoints().deleteLeftovers(config.checkpoint().keep());
    Optional<Checkpoint> from = folder.checkpoints().latest();
    from.ifPresent(learner::restore);
    return from;
  }
}
