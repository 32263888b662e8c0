package dev.tiebreak.tensor;

import java.util.Locale;
import java.util.Random;

/** Trains a table of next tokens for a few steps and prints the loss before and after. */
public final class FallbackProbe {
  private FallbackProbe() {}

  /** Makes two backends, as a run that trains twins does. */
  public static void main(String[] arguments) {
    train();
    train();
  }

  private static void train() {
    try (CpuBackend cpu = CpuBackend.create(2);
        Scope model = cpu.newScope("model");
        Scope step = cpu.newScope("step")) {
      Tensor embedding = weight(model, 11, 7);
      Tensor head = weight(model, 11, 7);
      Tensor tokens = model.of(new int[] {1, 2, 3, 4, 5, 6, 7, 8}, 8);
      Tensor targets = model.of(new int[] {2, 3, 4, 5, 6, 7, 8, 9}, 8);
      double first = 0;
      double last = 0;
      for (int i = 0; i < 20; i++) {
        try (Tape tape = Tape.start(step)) {
          Tensor loss = embedding.embedding(tokens).linear(head, null).crossEntropy(targets).mean();
          tape.backward(loss);
          last = loss.item();
          first = i == 0 ? last : first;
          descend(embedding);
          descend(head);
        }
      }
      System.out.printf(Locale.ROOT, "blas %s, loss fell %s%n", cpu.usesBlas(), last < first / 2);
      System.out.println(cpu.description());
    }
  }

  private static void descend(Tensor weight) {
    InPlace.scale(weight.gradient(), -1);
    weight.copyFrom(weight.detach().add(weight.gradient()));
    weight.clearGradient();
  }

  private static Tensor weight(Scope model, int rows, int columns) {
    var random = new Random(rows);
    Tensor weight = model.zeros(DType.F32, rows, columns).requireGradient();
    for (long i = 0; i < weight.size(); i++) {
      weight.set(i, random.nextGaussian());
    }
    return weight;
  }
}
