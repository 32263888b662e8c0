package dev.tiebreak.bench.loops;

import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Philox;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.lab.bench.BenchShape;
import java.util.ArrayList;
import java.util.List;

/** The tensors that the loops of a step read at the small shape, as random numbers. */
final class Inputs implements AutoCloseable {
  final BenchShape shape = BenchShape.small();
  final GptConfig model = shape.model();
  final CpuBackend cpu = CpuBackend.create();
  final Scope scope = cpu.newScope("inputs");
  private final List<Tensor> weights = new ArrayList<>();
  private int streams;

  /** Numbers between -1 and 1 that a backward pass differentiates for. */
  Tensor weight(int... dims) {
    Tensor tensor = values(dims).requireGradient();
    weights.add(tensor);
    return tensor;
  }

  /** Forgets what the last backward pass left, as a step does at its beginning. */
  void clearGradients() {
    weights.forEach(Tensor::clearGradient);
  }

  /** Numbers between -1 and 1. */
  Tensor values(int... dims) {
    Tensor tensor = scope.zeros(DType.F32, dims);
    Philox random = new Philox(1, streams++);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, random.below(i, 1 << 16) / 32768.0 - 1);
    }
    return tensor;
  }

  /** Activations (B, T, width). */
  Tensor activations(int width) {
    return weight(shape.batch(), model.sequenceLength(), width);
  }

  /** Token ids (B, T). */
  Tensor tokens() {
    Tensor tensor = scope.zeros(DType.I32, shape.batch(), model.sequenceLength());
    Philox random = new Philox(1, streams++);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, random.below(i, model.vocabulary()));
    }
    return tensor;
  }

  @Override
  public void close() {
    scope.close();
    cpu.close();
  }
}
