package dev.tiebreak.tests.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.losses.GainSettings;
import dev.tiebreak.losses.LayerScaling;
import dev.tiebreak.losses.Prediction;
import dev.tiebreak.losses.ScalingSettings;
import dev.tiebreak.losses.ShapedLoss;
import dev.tiebreak.losses.TokenGain;
import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GradientClip;
import dev.tiebreak.nn.LrSchedule;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model that learns can learn one batch by heart. */
@Tag("slow")
class OverfitTest {
  private static final int STEPS = 150;
  private static final int BATCH = 4;

  private final CpuBackend cpu = CpuBackend.create(2);
  private final Scope kept = cpu.newScope("kept");
  private final Scope step = cpu.newScope("step");
  private final Tensor tokens = kept.allocate(DType.I32, Shape.of(BATCH, Style.LENGTH));
  private final Tensor targets = kept.allocate(DType.I32, Shape.of(BATCH, Style.LENGTH));

  /** Random sequences, each with a first token of its own: then every next token is certain. */
  OverfitTest() {
    Random random = new Random(11);
    for (int b = 0; b < BATCH; b++) {
      int token = b;
      for (int t = 0; t < Style.LENGTH; t++) {
        tokens.set((long) b * Style.LENGTH + t, token);
        token = random.nextInt(Style.VOCABULARY);
        targets.set((long) b * Style.LENGTH + t, token);
      }
    }
  }

  @AfterEach
  void close() {
    step.close();
    kept.close();
    cpu.close();
  }

  /** The plain loss after training with this gain, of a model with or without layer scaling. */
  private double train(Style style, TokenGain gain, boolean scaled) {
    Gpt model = new Gpt(style.config(32), DType.F32, kept, 5);
    AdamW optimizer = new AdamW(model.parameters(), kept, new AdamW.Config(0.9, 0.95, 1e-8, 0.01));
    if (scaled) {
      ScalingSettings.Target target = ScalingSettings.Target.UPDATE;
      new LayerScaling(model, optimizer, ScalingSettings.divergence(target, 2, true), 1);
    }
    LrSchedule schedule = LrSchedule.cosine(0.01, 0.001, 10, STEPS);
    for (int i = 0; i < STEPS; i++) {
      model.clearGradients();
      try (Tape tape = Tape.start(step)) {
        ShapedLoss shaped = gain.shape(Prediction.of(model, tokens, targets, i, i));
        tape.backward(shaped.loss());
      }
      try (Tape _ = Tape.inference(step)) {
        model.gradientsReady();
        Tensor norm = GradientClip.norm(model.parameters());
        optimizer.step(schedule.at(i), GradientClip.coefficient(norm, 1));
      }
    }
    try (Tape _ = Tape.inference(step)) {
      return model.losses(tokens, targets).mean().item();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyStyleLearnsOneBatchByHeart(Style style) {
    assertThat(train(style, new TokenGain(GainSettings.none(), kept, 1, null), false))
        .isLessThan(0.05);
  }

  @Test
  void soItDoesUnderBothWaysOfShaping() {
    GainSettings settings =
        new GainSettings(
            "1 + s * (l - m) / (v + eps)",
            "l",
            false,
            0.5,
            20,
            0.05,
            List.of(0.0, 5.0),
            true,
            GainSettings.Window.MICRO,
            0,
            "");
    assertThat(train(Style.LLAMA, new TokenGain(settings, kept, 1, null), true)).isLessThan(0.05);
  }
}
