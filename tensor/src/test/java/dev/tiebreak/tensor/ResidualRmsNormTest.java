package dev.tiebreak.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The fused operation must be the composition that it stands for. */
class ResidualRmsNormTest {
  private static final CpuBackend CPU = CpuBackend.create(2);
  private static final double EPSILON = 1e-5;

  @AfterAll
  static void close() {
    CPU.close();
  }

  /** Two blocks in a row: the sum of the first is the input of the second. */
  private static ResidualRmsNorm.Result fused(Tensor x, Tensor branch, Tensor weight) {
    var first = x.residualRmsNorm(branch, weight, EPSILON, null);
    return first.sum().residualRmsNorm(first.normed().exp(), weight, EPSILON, x);
  }

  private static ResidualRmsNorm.Result composed(Tensor x, Tensor branch, Tensor weight) {
    Tensor first = x.add(branch);
    Tensor second = first.add(first.rmsNorm(weight, EPSILON).exp());
    return new ResidualRmsNorm.Result(
        second, second.rmsNorm(weight, EPSILON), x.divergence(second));
  }

  private interface Model {
    ResidualRmsNorm.Result apply(Tensor x, Tensor branch, Tensor weight);
  }

  private static List<double[]> run(Model model, DType dtype) {
    try (Scope inputs = CPU.newScope("inputs");
        Scope step = CPU.newScope("step");
        Tape tape = Tape.start(step)) {
      Tensor x = random(inputs.zeros(dtype, 2, 9, 257), 1).requireGradient();
      Tensor branch = random(inputs.zeros(dtype, 2, 9, 257), 2).requireGradient();
      Tensor weight = random(inputs.zeros(dtype, 257), 3).requireGradient();
      ResidualRmsNorm.Result result = model.apply(x, branch, weight);
      Tensor y = result.sum().mul(result.normed());
      tape.backward(y, random(y.like(), 4));
      List<double[]> all = new ArrayList<>();
      for (Tensor t : List.of(result.sum(), result.normed(), result.divergence())) {
        all.add(t.toDoubles());
      }
      for (Tensor t : List.of(x, branch, weight)) {
        all.add(t.gradient().toDoubles());
      }
      return all;
    }
  }

  private static Tensor random(Tensor x, long seed) {
    var random = new Random(seed);
    for (long i = 0; i < x.size(); i++) {
      x.set(i, (float) random.nextGaussian());
    }
    return x;
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void equalsItsComposition(DType dtype) {
    List<double[]> fused = run(ResidualRmsNormTest::fused, dtype);
    List<double[]> composed = run(ResidualRmsNormTest::composed, dtype);
    for (int i = 0; i < composed.size(); i++) {
      assertThat(fused.get(i)).containsExactly(composed.get(i), within(1e-5));
    }
  }
}
