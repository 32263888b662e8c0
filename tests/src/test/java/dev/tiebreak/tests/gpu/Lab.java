package dev.tiebreak.tests.gpu;

import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.attention.AttentionChoice;
import java.util.List;

/**
 * Where a section runs and how much it does.
 *
 * @param simulated whether CUDA is the simulated one: sizes are tiny, and times mean nothing
 * @param arguments what the command line adds for the section
 */
record Lab(boolean simulated, List<String> arguments) {
  /** The GPU; in simulation each tensor has an allocation of its own, so that its ends are seen. */
  CudaBackend open() {
    return open(AttentionChoice.AUTO);
  }

  /** The same with one kind of attention. */
  CudaBackend open(AttentionChoice attention) {
    return CudaBackend.open(
        0, new CudaBackend.Options(attention.asOption(), simulated, !simulated));
  }

  /** The GPU with memory laid out as training does, also in simulation. */
  CudaBackend openToTrain() {
    return CudaBackend.open(
        0, new CudaBackend.Options(AttentionChoice.AUTO.asOption(), false, !simulated));
  }

  /** The one on a GPU, the other in simulation. */
  int size(int onGpu, int simulation) {
    return simulated ? simulation : onGpu;
  }
}
