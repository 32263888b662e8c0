package dev.tiebreak.tests.gpu;

import static dev.tiebreak.tests.gpu.Report.text;

import dev.tiebreak.losses.TokenGain;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.OutOfTensorMemoryException;
import dev.tiebreak.tensor.Readback;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.cuda.KernelTimes;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.estimate.Estimate;
import dev.tiebreak.trainer.lab.estimate.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A training step in bf16: tokens a second, share of the peak, memory against the plan, time by
 * kernel, and what the arms cost. Its argument is the model: {@code gpt2-124m} or {@code 1.2b}, or
 * {@code tiny} to try it out.
 */
final class StepSection implements Section {
  private static final double PEAK = 989e12; // see SummaryPage
  private static final int WARM_UP = 4; // the first tunes the products and compiles the kernels
  private static final double PLAN_LIMIT = 0.05;
  private static final Pattern PRODUCT = Pattern.compile("matmul (\\d+) x (\\d+) x (\\d+)");

  @Override
  public void run(Lab lab, Report report) {
    String model = lab.arguments().getFirst();
    int[] batches =
        switch (model) {
          case "1.2b" -> new int[] {16, 12, 8, 4, 2, 1};
          case "tiny" -> new int[] {2};
          default -> new int[] {32, 16, 8, 4};
        };
    int batch = baseline(lab, report, model, batches);
    for (int each : batches) {
      if (each <= batch && arms(lab, report, config(model, each))) {
        return;
      }
    }
    report.check("arms fit", false, "two models do not fit at any batch");
  }

  private static TrainConfig config(String model, int batch) {
    ConfigBuilder builder =
        ConfigBuilder.preset(model.equals("tiny") ? "1.2b" : model)
            .set("model.pad_vocabulary=64")
            .set("training.batch=" + batch)
            .set("training.precision=bf16");
    if (model.equals("tiny")) {
      builder
          .set("model.layers=2")
          .set("model.heads=4")
          .set("model.kv_heads=2")
          .set("model.channels=32")
          .set("model.hidden=96")
          .set("model.sequence_length=16");
    }
    return builder.build();
  }

  private static int vocabulary(Lab lab) {
    return lab.size(RandomTraining.VOCABULARY, 250);
  }

  // ---- the baseline -----------------------------------------------------------------------------

  /** Measures at the largest batch that fits and returns it. */
  private int baseline(Lab lab, Report report, String model, int[] batches) {
    for (int batch : batches) {
      try {
        baseline(lab, report, model, config(model, batch));
        return batch;
      } catch (OutOfTensorMemoryException e) {
        report.note(
            String.format(Locale.ROOT, "A batch of %d does not fit: %s", batch, e.getMessage()));
      }
    }
    throw new IllegalStateException(model + " fits with no batch");
  }

  private void baseline(Lab lab, Report report, String model, TrainConfig config) {
    int steps = lab.size(12, 2);
    try (CudaBackend cuda = lab.openToTrain();
        Scope step = cuda.newScope("step")) {
      long freeBefore = cuda.freeBytes();
      try (RandomTraining training = RandomTraining.of(cuda, config, step, vocabulary(lab))) {
        List<Readback> losses = new ArrayList<>();
        for (int i = 0; i < lab.size(WARM_UP, 1); i++) {
          losses.add(training.run(i));
        }
        long reserved = training.bytesKept() + step.reservedBytes();
        double[] times = Stopwatch.times(cuda, steps, i -> losses.add(training.run(i)));
        speed(report, model, config, training, times, losses, reserved);
        report.check(
            "a step takes no new memory after the first",
            reserved == training.bytesKept() + step.reservedBytes(),
            String.format(Locale.ROOT, "%,d bytes", reserved));
        memory(report, config, vocabulary(lab), reserved, freeBefore - cuda.freeBytes());
        kernels(report, cuda, model, training);
      }
    }
  }

  private static void speed(
      Report report,
      String model,
      TrainConfig config,
      RandomTraining training,
      double[] times,
      List<Readback> losses,
      long reserved) {
    double median = Stopwatch.median(times);
    double rate = training.tokensPerStep() / median * 1e3;
    Map<String, Double> flops = flops(training.model());
    Map<String, Double> mfu = new LinkedHashMap<>();
    flops.forEach((count, each) -> mfu.put(count, each * rate / PEAK));
    double first = losses.getFirst().values()[0];
    double last = losses.getLast().values()[0];
    Map<String, Object> step = new LinkedHashMap<>();
    step.put("program", "Tiebreak bf16");
    step.put("model", model);
    step.put("weights", training.model().parameterCount());
    step.put("batch", config.training().batch());
    step.put("length", config.model().sequenceLength());
    step.put("tokens", training.tokensPerStep());
    step.put("steps", times.length);
    step.put("milliseconds", median);
    step.put("milliseconds_least", Arrays.stream(times).min().orElseThrow());
    step.put("milliseconds_most", Arrays.stream(times).max().orElseThrow());
    step.put("tokens_per_second", rate);
    step.put("flops_per_token", flops);
    step.put("mfu", mfu);
    step.put("first_loss", first);
    step.put("last_loss", last);
    step.put("peak_bytes", reserved);
    report.step(step);
    double uniform = Math.log(training.model().config().vocabulary());
    report.check(
        "the first loss is that of guessing",
        Math.abs(first - uniform) < 0.3,
        text("%.3f, log of the vocabulary %.3f", first, uniform));
    report.check("the loss goes down", last < first, text("%.4f to %.4f", first, last));
  }

  /** Operations on a token, counted as in {@code peer_model.py}. */
  private static Map<String, Double> flops(Gpt model) {
    GptConfig shape = model.config();
    double square =
        12.0 * shape.layers() * shape.sequenceLength() * shape.heads() * shape.headSize();
    double full = model.flopsPerToken();
    Map<String, Double> flops = new LinkedHashMap<>();
    flops.put("weights", full - square);
    flops.put("causal", full - square / 2);
    flops.put("full", full);
    return flops;
  }

  private static void memory(
      Report report, TrainConfig config, int vocabulary, long reserved, long taken) {
    Memory plan = Estimate.of(config, vocabulary, Device.of("cuda")).memory();
    report.fact("planned_bytes", plan.tensors());
    report.fact("planned", plan.toString());
    report.fact("reserved_bytes", reserved);
    report.fact("bytes_taken_from_the_card", taken);
    double error = (double) reserved / plan.tensors() - 1;
    report.check(
        "memory as planned",
        Math.abs(error) < PLAN_LIMIT,
        text(
            "planned %.2f GB, taken %.2f GB: %+.1f %%",
            plan.tensors() * 1e-9, reserved * 1e-9, 100 * error));
  }

  private static void kernels(
      Report report, CudaBackend cuda, String model, RandomTraining training) {
    cuda.times().start();
    training.run(0);
    Map<String, KernelTimes.Total> totals = cuda.times().stop();
    double all = totals.values().stream().mapToDouble(KernelTimes.Total::milliseconds).sum();
    Table.Builder table =
        report.table(
            text("Kernels of a step of %s, %.2f ms with the gaps between them", model, all),
            "kernel",
            "launches",
            "ms",
            "share",
            "TFLOP/s");
    totals.entrySet().stream()
        .sorted((a, b) -> Double.compare(b.getValue().milliseconds(), a.getValue().milliseconds()))
        .forEach(entry ->
            table.row(
                entry.getKey(),
                entry.getValue().launches(),
                text("%.3f", entry.getValue().milliseconds()),
                text("%.1f %%", 100 * entry.getValue().milliseconds() / all),
                teraflops(entry.getKey(), entry.getValue())));
  }

  /** Of a matrix product, which has its extents in its name. */
  private static String teraflops(String name, KernelTimes.Total total) {
    Matcher product = PRODUCT.matcher(name);
    if (!product.find()) {
      return "";
    }
    double operations = 2.0 * total.launches();
    for (int i = 1; i <= product.groupCount(); i++) {
      operations *= Integer.parseInt(product.group(i));
    }
    return text("%.0f", operations / total.milliseconds() * 1e-9);
  }

  // ---- the arms ---------------------------------------------------------------------------------

  /**
   * Times steps of all arms in turn, so that a change of the card's clock meets all alike. Needs
   * two models: what observes blocks stays with a model. False if they do not fit.
   */
  private static boolean arms(Lab lab, Report report, TrainConfig config) {
    int rounds = lab.size(8, 1);
    try (CudaBackend cuda = lab.openToTrain();
        Scope step = cuda.newScope("step");
        RandomTraining plain = RandomTraining.of(cuda, config, step, vocabulary(lab));
        RandomTraining scaled =
            RandomTraining.of(cuda, config.withArm(Arms.get("both")), step, vocabulary(lab))) {
      TokenGain none = plain.gain();
      TokenGain gain = scaled.gain();
      Map<String, Runnable> steps = new LinkedHashMap<>();
      steps.put("baseline", () -> plain.run(0, none));
      steps.put("gain", () -> plain.run(0, gain));
      steps.put("divergence", () -> scaled.run(0, none));
      steps.put("both", () -> scaled.run(0, gain));
      steps.values().forEach(Runnable::run);
      Map<String, double[]> times = new LinkedHashMap<>();
      steps.keySet().forEach(arm -> times.put(arm, new double[rounds]));
      for (int round = 0; round < rounds; round++) {
        for (Map.Entry<String, Runnable> entry : steps.entrySet()) {
          double[] time = Stopwatch.times(cuda, 1, _ -> entry.getValue().run());
          times.get(entry.getKey())[round] = time[0];
        }
      }
      costs(report, config, times);
      return true;
    } catch (OutOfTensorMemoryException e) {
      report.note("Two models do not fit: " + e.getMessage());
      return false;
    }
  }

  private static void costs(Report report, TrainConfig config, Map<String, double[]> times) {
    double baseline = Stopwatch.median(times.get("baseline"));
    Table.Builder table =
        report.table(
            String.format(
                Locale.ROOT,
                "What the arms cost, batch of %d x %d",
                config.training().batch(),
                config.model().sequenceLength()),
            "arm",
            "ms, median",
            "over the baseline");
    times.forEach((arm, each) -> {
      double median = Stopwatch.median(each);
      double cost = median / baseline - 1;
      table.row(arm, text("%.2f", median), text("%+.2f %%", 100 * cost));
      report.fact("cost_" + arm, cost);
    });
  }
}
