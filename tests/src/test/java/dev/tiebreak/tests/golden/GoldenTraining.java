package dev.tiebreak.tests.golden;

import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.GradientClip;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The gradients and the ten steps of a golden file, on any backend and in any number format. */
public final class GoldenTraining {
  private GoldenTraining() {}

  /**
   * Numbers beside what they have to be.
   *
   * @param name of a tensor, or of a number of every step
   */
  public record Pair(String name, double[] actual, double[] expected) {}

  /**
   * Runs them.
   *
   * @param name {@code gpt2} or {@code llama}
   * @param backend is closed at the end
   * @param steps at most ten
   * @return the logits, every gradient of the first step, all losses and gradient norms
   */
  public static List<Pair> run(String name, Backend backend, DType type, int steps) {
    List<Pair> pairs = new ArrayList<>();
    try (GoldenModel golden = new GoldenModel(name, backend, type)) {
      try (Tape _ = golden.infer()) {
        Tensor logits = golden.model.logits(golden.tokens);
        pairs.add(new Pair("logits", logits.toDoubles(), golden.file.values("logits")));
      }
      JsonNode json = golden.file.metadata("adamw");
      AdamW optimizer = golden.optimizer();
      double[] losses = new double[steps];
      double[] norms = new double[steps];
      for (int step = 0; step < steps; step++) {
        golden.model.clearGradients();
        losses[step] = golden.backward();
        if (step == 0) {
          addGradients(golden, pairs);
        }
        try (Tape _ = golden.infer()) {
          Tensor norm = GradientClip.norm(golden.model.parameters());
          norms[step] = norm.item();
          double limit = json.get("clipNorm").asDouble();
          optimizer.step(
              json.get("learningRate").asDouble(), GradientClip.coefficient(norm, limit));
        }
      }
      pairs.add(new Pair("losses", losses, first(steps, "adamw/losses", golden)));
      pairs.add(new Pair("gradient norms", norms, first(steps, "adamw/gradient_norms", golden)));
    }
    return pairs;
  }

  private static double[] first(int count, String name, GoldenModel golden) {
    return Arrays.copyOf(golden.file.values(name), count);
  }

  private static void addGradients(GoldenModel golden, List<Pair> pairs) {
    for (Parameter parameter : golden.model.parameters()) {
      String name = "grad/" + parameter.name();
      pairs.add(
          new Pair(name, parameter.tensor().gradient().toDoubles(), golden.file.values(name)));
    }
  }
}
