package dev.tiebreak.trainer.lab.estimate;

import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Quantities;
import dev.tiebreak.trainer.base.Sheet;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.device.Device;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** What a training will cost, for a person. */
public final class EstimateText {
  private static final double CPU_RATE = 0.1; // about what two processor cores reach
  private static final double GPU_RATE = 400; // what an H100 may reach

  private final Sheet sheet = new Sheet("%-22s", "  %-20s", "%18s");
  private final TrainConfig config;
  private final Estimate estimate;
  private final Device device;

  private EstimateText(TrainConfig config, Estimate estimate, Device device) {
    this.config = config;
    this.estimate = estimate;
    this.device = device;
  }

  /**
   * Estimates a training.
   *
   * @param device that computes; need not be there if it is a GPU
   * @param teraflops sustained 10^12 operations per second; assumed where empty
   * @return every part, and a warning if the memory that is free now does not do
   */
  public static Sheet of(TrainConfig config, Device device, Optional<Double> teraflops) {
    teraflops.ifPresent(rate -> Check.parameter(rate > 0, "tflops", rate, "a number above 0"));
    Vocabulary vocabulary = Vocabulary.of(config.data());
    Estimate estimate = Estimate.of(config, vocabulary.size(), device);
    EstimateText text = new EstimateText(config, estimate, device);
    text.model(vocabulary);
    text.parameters(estimate.parameters());
    text.operations();
    text.memory(estimate.memory());
    text.time(teraflops);
    text.disk();
    text.warn();
    return text.sheet;
  }

  private void model(Vocabulary vocabulary) {
    GptConfig gpt = estimate.gpt();
    sheet.line(
        Words.of(
            "%d layers, %d heads (%d for keys and values), %d channels, %d hidden, %d tokens a sequence",
            gpt.layers(),
            gpt.heads(),
            gpt.kvHeads(),
            gpt.channels(),
            gpt.hidden(),
            gpt.sequenceLength()));
    String padded =
        gpt.vocabulary() == vocabulary.size() ? "" : Words.of(", padded to %,d", gpt.vocabulary());
    sheet.line(
        Words.of("vocabulary of %,d: %s%s\n", vocabulary.size(), vocabulary.origin(), padded));
  }

  private void parameters(Estimate.Parameters parameters) {
    sheet.head("Parameters", Words.of("%,d", parameters.total()));
    count("token embedding", parameters.tokenEmbedding());
    count("position embedding", parameters.positionEmbedding());
    count("attention", parameters.attention());
    count("feed-forward", parameters.feedForward());
    count("norms", parameters.norms());
    count("head", parameters.head());
    if (parameters.head() == 0) {
      sheet.line("  (the head is the token embedding)");
    }
    sheet.line("");
  }

  private void count(String label, long value) {
    if (value > 0) {
      sheet.part(label, Words.of("%,d", value));
    }
  }

  private void operations() {
    double perToken = estimate.flopsPerToken();
    sheet.head("Operations", Quantities.flops(estimate.flops()));
    sheet.part("per token", Quantities.flops(perToken));
    sheet.part("per step", Quantities.flops(perToken * estimate.tokensPerStep()));
    sheet.part("training", Quantities.flops(estimate.trainingFlops()));
    sheet.part("evaluations", Quantities.flops(estimate.evaluationFlops()));
    sheet.line("");
    sheet.head("Tokens", Quantities.count(estimate.tokens()));
    sheet.line(
        Words.of(
            "  %,d steps of %,d = %d x %d x %d (batch, accumulation, sequence length)",
            config.training().steps(),
            estimate.tokensPerStep(),
            config.training().batch(),
            config.training().accumulation(),
            estimate.gpt().sequenceLength()));
    double share = (double) estimate.tokens() / estimate.parameters().total();
    sheet.line("  " + Quantities.round(share) + " for each parameter\n");
  }

  private void memory(Memory memory) {
    boolean gpu = device.isGpu();
    String precision = config.training().precision().name().toLowerCase(Locale.ROOT);
    sheet.head("Memory", Quantities.bytes(memory.total()));
    sheet.line(gpu ? "  on a GPU, " + precision : "  on the CPU, f32");
    part("weights", memory.weights());
    part("gradients", memory.gradients());
    part("optimizer", memory.optimizer());
    part("activations", memory.activations());
    part("logits", memory.logits());
    part("workspace", memory.workspace());
    part("unused", memory.unused());
    part(gpu ? "CUDA" : "Java and BLAS", memory.runtime());
    sheet.line("");
  }

  private void part(String label, long bytes) {
    sheet.part(label, Quantities.bytes(bytes));
  }

  private void time(Optional<Double> given) {
    double rate = given.orElse(device.isGpu() ? GPU_RATE : CPU_RATE);
    sheet.head("Time", Quantities.hours(estimate.hours(rate)));
    String origin = given.isPresent() ? "" : ", which is assumed";
    sheet.line("  at a sustained " + Quantities.round(rate) + " TFLOP/s" + origin + "\n");
  }

  private void disk() {
    sheet.head("Disk", Quantities.bytes(estimate.checkpointBytes()) + " for each checkpoint");
    int keep = config.checkpoint().keep();
    sheet.line(keep == 1 ? "  one is kept" : "  " + keep + " of them are kept");
  }

  private void warn() {
    OptionalLong available = device.availableMemory();
    if (available.isPresent() && estimate.memory().total() > available.getAsLong()) {
      sheet.line("");
      sheet.warn(
          Words.of(
              "this %s has %s available; lower training.batch and raise training.accumulation, or choose a smaller model",
              device.isGpu() ? "GPU" : "machine", Quantities.bytes(available.getAsLong())));
    }
  }
}
