/**
 * Where a run computes: which device is asked for, whether this machine has it, and the backend on
 * it.
 *
 * <p>A device is no part of a {@link dev.tiebreak.trainer.lab.config.TrainConfig}: the same run can
 * begin on one and go on on another, and its manifest says where it was computed. What it computes
 * with (float32 or bfloat16) changes results and is configured.
 *
 * <p>Not here: tensors and kernels ({@code dev.tiebreak.tensor}), what {@code tiebreak doctor}
 * says.
 */
package dev.tiebreak.trainer.lab.device;
