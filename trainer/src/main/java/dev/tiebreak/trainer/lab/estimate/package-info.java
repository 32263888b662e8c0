/**
 * What a training will cost, found before anything is allocated: {@link
 * dev.tiebreak.trainer.lab.estimate.Estimate} has parameters, operations, tokens, hours and {@link
 * dev.tiebreak.trainer.lab.estimate.Memory}.
 *
 * <p>Nothing is known here of models, losses or operations. The training itself is run to its first
 * step on a dry backend, which counts what is asked for and computes nothing: {@link
 * dev.tiebreak.trainer.lab.train.Rehearsal}. So parameters and memory are exact to the byte, on a
 * machine that has neither the memory nor the GPU. Only the part of Java and the BLAS library, or
 * of CUDA, is a measured constant.
 */
package dev.tiebreak.trainer.lab.estimate;
