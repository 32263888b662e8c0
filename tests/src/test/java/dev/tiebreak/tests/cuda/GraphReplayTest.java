package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.bindings.cuda.CudaGraph;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.Attention;
import dev.tiebreak.tensor.attention.AttentionChoice;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A forward and backward pass that was captured once runs again on new inputs: its addresses stay,
 * and it neither allocates nor waits.
 */
@NeedsSimulatedCuda
class GraphReplayTest {
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "BF16"})
  void aCapturedPassGivesWhatTheSamePassGives(DType dtype) {
    SimulatedCuda.install();
    CudaBackend.Options options =
        new CudaBackend.Options(AttentionChoice.OWN.asOption(), false, false);
    try (CudaBackend cuda = CudaBackend.open(0, options);
        Scope kept = cuda.newScope("model");
        Scope step = cuda.newScope("step")) {
      Tensor x = kept.zeros(dtype, 2, 9, 24);
      Tensor weight = kept.zeros(dtype, 24, 24).requireGradient(DType.F32);
      Tensor norm = kept.zeros(dtype, 24).requireGradient(DType.F32);
      Tensor upstream = kept.zeros(dtype, 2, 9, 8);
      Tensor y = kept.zeros(dtype, 2, 9, 8);
      fill(weight, 1);
      fill(norm, 2);
      fill(upstream, 3);
      Runnable pass =
          () -> {
            weight.clearGradient();
            norm.clearGradient();
            try (Tape tape = Tape.start(step)) {
              Tensor packed = x.rmsNorm(norm, 1e-5).linear(weight, null).gelu();
              Tensor attended =
                  Attention.causal(packed, 2, 2); // (B, T, 24) holds 2 heads of 4, three times
              y.copyFrom(attended);
              tape.backward(attended, upstream);
            }
          };

      fill(x, 4);
      pass.run(); // compiles the kernels and takes all memory
      fill(x, 5);
      pass.run();
      double[] expected = y.toDoubles();
      double[] expectedWeight = weight.gradient().toDoubles();
      double[] expectedNorm = norm.gradient().toDoubles();

      try (CudaGraph graph = CudaGraph.capture(cuda.stream(), pass)) {
        fill(x, 6);
        graph.launch(cuda.stream());
        assertThat(y.toDoubles()).as("another input, another output").isNotEqualTo(expected);
        fill(x, 5);
        long launches = SimulatedCuda.launches();
        graph.launch(cuda.stream());
        assertThat(SimulatedCuda.launches()).as("one call for all kernels").isEqualTo(launches);
        assertThat(y.toDoubles()).isEqualTo(expected);
        assertThat(weight.gradient().toDoubles()).isEqualTo(expectedWeight);
        assertThat(norm.gradient().toDoubles()).isEqualTo(expectedNorm);
      }
    }
    assertThat(SimulatedCuda.report()).isEmpty();
    assertThat(SimulatedCuda.leaks()).isEmpty();
  }

  private static void fill(Tensor tensor, long seed) {
    Random random = new Random(seed);
    try (var cpu = dev.tiebreak.tensor.CpuBackend.withoutBlas(1);
        Scope host = cpu.newScope("values")) {
      float[] values = new float[Math.toIntExact(tensor.size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      tensor.copyFrom(host.of(values, tensor.shape().toArray()));
    }
  }
}
