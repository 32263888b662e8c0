/**
 * What a training will cost, worked out from its configuration before anything is allocated: {@link
 * dev.tiebreak.trainer.lab.estimate.Estimate} has parameters, operations, tokens, hours and a
 * {@link dev.tiebreak.trainer.lab.estimate.MemoryPlan}.
 *
 * <p>Shapes are static, so the plan is exact where the trainer's own memory is concerned: {@code
 * StepPlan} walks through a step as the model, the losses and the tape would, and counts instead of
 * computing. Whoever changes what an operation allocates changes it here too; a test compares the
 * plan with a real step. Only the part of Java and the BLAS library is a measured constant.
 *
 * <p>Letters: B batch, T sequence length, C channels, V vocabulary, H heads, D head size.
 */
package dev.tiebreak.trainer.lab.estimate;
