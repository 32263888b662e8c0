package dev.tiebreak.trainer.lab.estimate;

import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.train.Rehearsal;

/**
 * The memory of a training in bytes, by what it is for, at the moment when most is in use.
 *
 * @param weights the model, and the reference model of a token gain if it has one
 * @param gradients one number per weight
 * @param optimizer AdamW's two running means per weight
 * @param activations results of one micro-batch, their gradients, scratch memory of operations
 * @param logits one number per token and vocabulary entry; their gradients take their place, and
 *     are activations where an objective reads both
 * @param workspace tables, token ids, scalars, gradients that are kept to compare with, and what
 *     alignment adds to all that is kept
 * @param unused ends of memory blocks that no tensor fits into
 * @param runtime Java, its heap and the BLAS library: a measured constant; on a GPU its context
 */
public record Memory(
    long weights,
    long gradients,
    long optimizer,
    long activations,
    long logits,
    long workspace,
    long unused,
    long runtime) {

  /** Resident memory of a process that trains a model of a few numbers. */
  static final long RUNTIME = 250_000_000;

  /** CUDA's context, the kernels' code, cuBLASLt's workspace, and up to 1 GiB of cuDNN's. */
  static final long GPU_RUNTIME = 1_900_000_000;

  static Memory of(TrainConfig config, Rehearsal run, Device device) {
    long weights = run.weights();
    long gradients = run.gradients();
    long logits = run.logits(config);
    Rehearsal.Taken all = run.kept().plus(run.steps());
    return new Memory(
        weights,
        gradients,
        run.moments(),
        run.steps().used() - logits,
        logits,
        run.kept().used() - weights - gradients - run.moments(),
        all.reserved() - all.used(),
        device.isGpu() ? GPU_RUNTIME : RUNTIME);
  }

  /** What tensors take from the operating system: everything but {@link #runtime}. */
  public long tensors() {
    return weights + gradients + optimizer + activations + logits + workspace + unused;
  }

  /** The peak of the whole process. */
  public long total() {
    return Math.addExact(tensors(), runtime);
  }
}
