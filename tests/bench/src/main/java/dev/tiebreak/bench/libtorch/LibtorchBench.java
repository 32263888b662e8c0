package dev.tiebreak.bench.libtorch;

import java.util.Locale;
import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.trainer.lab.bench.BenchShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Times libtorch on the shapes of {@code tiebreak bench}: {@code SHAPE train [STEPS [OPTIMIZER]]}
 * or {@code SHAPE generate [TOKENS]}.
 */
final class LibtorchBench {
  private static final int WARM_UP = 3;
  private static final int PROMPT = 16;
  private static final int CONTEXT = 256;

  private LibtorchBench() {}

  /** Prints a line {@code tokens N a second} and one with the peak of resident memory. */
  public static void main(String[] args) throws IOException {
    BenchShape shape = shape(args[0]);
    torch.set_num_threads(Integer.getInteger("threads", 2));
    torch.manual_seed(1);
    System.out.printf(
        Locale.ROOT, "libtorch, %d threads, %s kernels%n",
        torch.get_num_threads(), torch.get_cpu_capability().getString());
    if (Boolean.getBoolean("config")) {
      System.out.println(torch.show_config().getString());
    }
    if (args[1].equals("train")) {
      int steps = args.length > 2 ? Integer.parseInt(args[2]) : 10;
      train(shape, steps, args.length > 3 ? args[3] : "fused");
    } else {
      generate(shape.model(), args.length > 2 ? Integer.parseInt(args[2]) : 200);
    }
    System.out.printf(Locale.ROOT, "  peak memory       %8d MB%n", peakMegabytes());
  }

  private static BenchShape shape(String name) {
    return switch (name) {
      case "tiny" -> BenchShape.tiny();
      case "small" -> BenchShape.small();
      case "gpt2-124m" -> BenchShape.gpt2();
      default -> throw new IllegalArgumentException("no shape " + name);
    };
  }

  private static void train(BenchShape shape, int steps, String optimizerName) {
    LibtorchGpt model = new LibtorchGpt(shape.model());
    TensorVector parameters = model.parameterVector();
    Runnable optimizer =
        optimizerName.equals("fused")
            ? Optimizers.fused(model.parameters())
            : Optimizers.plain(model.parameters());
    Tensor tokens = model.randomTokens(shape.batch(), shape.model().sequenceLength());
    Tensor targets = model.randomTokens(shape.batch(), shape.model().sequenceLength());
    List<Double> forward = new ArrayList<>();
    List<Double> backward = new ArrayList<>();
    List<Double> update = new ArrayList<>();
    List<Double> whole = new ArrayList<>();
    double lastLoss = 0;
    for (int i = -WARM_UP; i < steps; i++) {
      long start = System.nanoTime();
      long half;
      long differentiated;
      try (PointerScope _ = new PointerScope()) {
        model.forgetGradients();
        Tensor loss = model.loss(tokens, targets);
        half = System.nanoTime();
        loss.backward();
        differentiated = System.nanoTime();
        torch.clip_grad_norm_(parameters, 1);
        try (NoGradGuard _ = new NoGradGuard()) {
          optimizer.run();
        }
        lastLoss = loss.item_float();
      }
      long end = System.nanoTime();
      if (i >= 0) {
        forward.add((half - start) * 1e-9);
        backward.add((differentiated - half) * 1e-9);
        update.add((end - differentiated) * 1e-9);
        whole.add((end - start) * 1e-9);
      }
    }
    System.out.printf(Locale.ROOT, "  tokens            %8.0f a second%n", shape.tokens() / median(whole));
    System.out.printf(
        Locale.ROOT, "  median times      %8.1f ms a step: forward %.1f, backward %.1f, clip and AdamW %.1f%n",
        1e3 * median(whole), 1e3 * median(forward), 1e3 * median(backward), 1e3 * median(update));
    System.out.printf(Locale.ROOT, "  last loss         %8.4f%n", lastLoss);
  }

  /** Batch 1, greedy, after a prompt; the time of the prompt does not count. */
  private static void generate(GptConfig model, int count) {
    if (PROMPT + count > CONTEXT) {
      throw new IllegalArgumentException("at most " + (CONTEXT - PROMPT) + " tokens");
    }
    try (InferenceMode _ = new InferenceMode();
        PointerScope _ = new PointerScope()) {
      LibtorchGpt gpt =
          new LibtorchGpt(model.withSequenceLength(Math.max(CONTEXT, model.sequenceLength())));
      generate(gpt, count); // warm-up
      System.out.printf(Locale.ROOT, "  tokens            %8.1f a second%n", count / generate(gpt, count));
    }
  }

  private static double generate(LibtorchGpt gpt, int count) {
    try (PointerScope _ = new PointerScope()) {
      List<LibtorchGpt.KvCache> caches = gpt.newCaches();
      Tensor next =
          gpt.nextLogits(gpt.randomTokens(1, PROMPT), 0, caches).argmax(new LongOptional(2), false);
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        try (PointerScope _ = new PointerScope()) {
          next.copy_(gpt.nextLogits(next, PROMPT + i, caches).argmax(new LongOptional(2), false));
          next.item_long(); // the token is wanted now
        }
      }
      return (System.nanoTime() - start) * 1e-9;
    }
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** The most memory that was ever resident, from the kernel's VmHWM. */
  private static long peakMegabytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
      }
    }
    throw new IOException("no VmHWM in /proc/self/status");
  }
}
