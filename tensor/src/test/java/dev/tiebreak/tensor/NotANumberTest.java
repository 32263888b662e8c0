package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.table.OpCase.in;
import static dev.tiebreak.tensor.table.OpCase.op;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.tensor.attention.Attention;
import dev.tiebreak.tensor.table.OpCase;
import dev.tiebreak.tensor.table.OpTable;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A broken number must reach the loss, where training stops; no clamp or maximum may hide it. */
class NotANumberTest {
  private static final CpuBackend CPU = CpuBackend.create(2);

  @AfterAll
  static void close() {
    CPU.close();
  }

  static Stream<OpCase> cases() {
    return Stream.of(
        op("add", x -> x[0].add(x[1]), in(3, 33), in(33)),
        op("mul", x -> x[0].mul(x[1]), in(3, 33), in(33)),
        op("exp", x -> x[0].exp(), in(3, 33)),
        op("clamp", x -> x[0].clamp(-1, 1), in(3, 33)),
        op("norm", x -> x[0].norm(), in(3, 33)),
        op("variance", x -> x[0].variance(), in(3, 33)),
        op("sumLast", x -> x[0].sumLast(), in(3, 33)),
        op("linear", x -> x[0].linear(x[1], x[2]), in(3, 33), in(7, 33), in(7)),
        op("softmax", x -> x[0].softmax(), in(3, 33)),
        op("crossEntropy", x -> x[0].crossEntropy(OpTable.tokens(x[0], 33, 3)), in(3, 33)),
        op("entropy", x -> x[0].entropy(), in(3, 33)),
        op("surprisalVariance", x -> x[0].surprisalVariance(), in(3, 33)),
        op("uniformCrossEntropy", x -> x[0].uniformCrossEntropy(), in(3, 33)),
        op("layerNorm", x -> x[0].layerNorm(x[1], x[2], 1e-5), in(3, 33), in(33), in(33)),
        op("rmsNorm", x -> x[0].rmsNorm(x[1], 1e-5), in(3, 33), in(33)),
        op(
            "residualRmsNorm",
            x -> x[0].residualRmsNorm(x[1], x[2], 1e-5, null).normed(),
            in(3, 33),
            in(3, 33),
            in(33)),
        op("gelu", x -> x[0].gelu(), in(3, 33)),
        op("geluErf", x -> x[0].geluErf(), in(3, 33)),
        op("silu", x -> x[0].silu(), in(3, 33)),
        op("swiGlu", x -> x[0].swiGlu(), in(3, 34)),
        op("attention", x -> Attention.causal(x[0], 2, 1), in(1, 3, 4 * 5)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void itSpreadsFromEveryElementOfEveryInput(OpCase op) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      try (Scope model = CPU.newScope("inputs");
          Scope step = CPU.newScope("step")) {
        Tensor[] inputs = op.inputs(model, dtype);
        for (Tensor input : inputs) {
          for (long i = 0; i < input.size(); i++) {
            double saved = input.get(i);
            input.set(i, Double.NaN);
            try (Tape _ = Tape.inference(step)) {
              double[] output = op.apply(inputs).toDoubles();
              assertThat(Arrays.stream(output).anyMatch(Double::isNaN))
                  .as("%s, element %d in %s", op, i, dtype)
                  .isTrue();
            }
            input.set(i, saved);
          }
        }
      }
    }
  }
}
