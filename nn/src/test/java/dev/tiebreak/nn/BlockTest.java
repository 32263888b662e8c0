package dev.tiebreak.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Rotation;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A block with its sums and norms together against the formula with each on its own. */
class BlockTest {
  @ParameterizedTest
  @EnumSource
  void sumsAndNormsTogetherGiveThePlainFormula(Configs shape) {
    GptConfig config = shape.config;
    try (CpuBackend cpu = CpuBackend.withoutBlas(1);
        Scope model = cpu.newScope("model");
        Scope step = cpu.newScope("step")) {
      Initializer init = new Initializer(model, DType.F32, 1, 1);
      Rotation rotation =
          config.positions() == GptConfig.Positions.LEARNED
              ? null
              : Rotation.of(
                  model, DType.F32, config.sequenceLength(), config.headSize(), config.ropeTheta());
      Block block = Block.of(init, "block", config, rotation);
      Norm next = Norm.of(init, "next", config);
      Tensor x = model.zeros(DType.F32, 2, 8, config.channels());
      for (long i = 0; i < x.size(); i++) {
        x.set(i, Math.sin(i));
      }
      try (Tape _ = Tape.inference(step)) {
        Tensor a = x.add(block.attention().forward(block.attentionNorm().forward(x), null));
        Tensor y = a.add(block.mlp().forward(block.mlpNorm().forward(a)));
        Norm.Point in = new Norm.Point(x, block.attentionNorm().forward(x), null);
        Norm.Point out = block.forward(in, next, false, null, new DropoutSites(0, 1));
        assertThat(out.x().toFloats()).isEqualTo(y.toFloats());
        assertThat(out.normed().toFloats()).isEqualTo(next.forward(y).toFloats());
        assertThat(y.toFloats()).isNotEqualTo(x.toFloats());
      }
    }
  }
}
