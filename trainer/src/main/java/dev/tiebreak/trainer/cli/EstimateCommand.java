package dev.tiebreak.trainer.cli;

import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.cli.Terminal.Style;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.estimate.Estimate;
import dev.tiebreak.trainer.lab.estimate.Memory;
import dev.tiebreak.trainer.lab.estimate.Vocabulary;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tiebreak estimate}: what a training will cost. */
@Command(
    name = "estimate",
    description = {
      "Shows what a training will cost before it begins: parameters, operations, memory by part,"
          + " time. Nothing is allocated and no text is read, except to count its characters for"
          + " the tokenizer chars."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak estimate quick",
      "  tiebreak estimate my.toml --set training.batch=4",
      "  tiebreak estimate 1.2b --device cuda --tflops 400    memory and hours on an H100",
      "  tiebreak estimate quick --show-config        every key and its value, as TOML"
    })
final class EstimateCommand implements Callable<Integer> {
  private static final String OTHERWISE = "quick";
  private static final double CPU_RATE = 0.1;
  private static final double GPU_RATE = 400;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "<config>",
      description = "A preset or a TOML file (default: " + OTHERWISE + ").")
  private String name;

  @Mixin private ConfigOptions configOptions;

  @Option(
      names = "--tflops",
      paramLabel = "<rate>",
      description =
          "Sustained 10^12 operations per second (default: 0.1, about what two processor cores"
              + " reach; 400 for a GPU, what an H100 may reach; tiebreak bench measures yours).")
  private Double teraflops;

  @Option(
      names = "--show-config",
      description = "Write the configuration with every key instead, as TOML.")
  private boolean showConfig;

  @Option(
      names = "--device",
      paramLabel = "<device>",
      defaultValue = "auto",
      description =
          "Whose memory: auto, cpu, cuda, cuda:<n>; a GPU need not be there (default:"
              + " ${DEFAULT-VALUE}).")
  private String deviceName;

  @Spec private CommandSpec spec;

  private Terminal terminal;

  @Override
  public Integer call() {
    terminal = Terminal.of(spec);
    if (teraflops != null && !(teraflops > 0)) {
      throw new UserError("--tflops is " + teraflops + "; it must be a number above 0");
    }
    if (name != null && configOptions.isChosen()) {
      throw new UserError(
          Words.of(
              "a configuration is given twice, as '%s' and by --config or --preset; give one",
              name));
    }
    TrainConfig config = configOptions.config(name == null ? OTHERWISE : name);
    if (showConfig) {
      terminal.out().print(config.toToml());
    } else {
      Vocabulary vocabulary = Vocabulary.of(config.data());
      Device device = Device.of(deviceName);
      show(config, Estimate.of(config, vocabulary.size(), device), vocabulary, device);
    }
    return ExitCode.OK;
  }

  private void show(TrainConfig config, Estimate estimate, Vocabulary vocabulary, Device device) {
    model(estimate.gpt(), vocabulary);
    parameters(estimate.parameters());
    operations(config, estimate);
    memory(config, estimate.memory(), device);
    double rate = teraflops != null ? teraflops : device.isGpu() ? GPU_RATE : CPU_RATE;
    head("Time", Figures.hours(estimate.hours(rate)));
    terminal
        .out()
        .printf(Locale.ROOT, "  at a sustained %s TFLOP/s (--tflops)%n%n", Figures.round(rate));
    head("Disk", Bytes.of(estimate.checkpointBytes()) + " for each checkpoint");
    int keep = config.checkpoint().keep();
    terminal.out().println(keep == 1 ? "  one is kept" : "  " + keep + " of them are kept");
    warn(estimate.memory(), device);
  }

  private void model(GptConfig gpt, Vocabulary vocabulary) {
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%d layers, %d heads (%d for keys and values), %d channels, %d hidden,"
                + " %d tokens a sequence%n",
            gpt.layers(),
            gpt.heads(),
            gpt.kvHeads(),
            gpt.channels(),
            gpt.hidden(),
            gpt.sequenceLength());
    String padded =
        gpt.vocabulary() == vocabulary.size() ? "" : Words.of(", padded to %,d", gpt.vocabulary());
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "vocabulary of %,d: %s%s%n%n",
            vocabulary.size(),
            vocabulary.origin(),
            padded);
  }

  private void parameters(Estimate.Parameters parameters) {
    head("Parameters", Words.of("%,d", parameters.total()));
    count("token embedding", parameters.tokenEmbedding());
    count("position embedding", parameters.positionEmbedding());
    count("attention", parameters.attention());
    count("feed-forward", parameters.feedForward());
    count("norms", parameters.norms());
    count("head", parameters.head());
    if (parameters.head() == 0) {
      terminal.out().println("  (the head is the token embedding)");
    }
    terminal.out().println();
  }

  private void operations(TrainConfig config, Estimate estimate) {
    head("Operations", Figures.flops(estimate.flops()));
    part("per token", Figures.flops(estimate.flopsPerToken()));
    part("per step", Figures.flops(estimate.flopsPerToken() * estimate.tokensPerStep()));
    part("training", Figures.flops(estimate.trainingFlops()));
    part("evaluations", Figures.flops(estimate.evaluationFlops()));
    terminal.out().println();
    head("Tokens", Figures.count(estimate.tokens()));
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "  %,d steps of %,d = %d x %d x %d (batch, accumulation, sequence length)%n",
            config.training().steps(),
            estimate.tokensPerStep(),
            config.training().batch(),
            config.training().accumulation(),
            estimate.gpt().sequenceLength());
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "  %s for each parameter%n%n",
            Figures.round((double) estimate.tokens() / estimate.parameters().total()));
  }

  private void memory(TrainConfig config, Memory memory, Device device) {
    head("Memory", Bytes.of(memory.total()));
    String precision = config.training().precision().name().toLowerCase(Locale.ROOT);
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "  on %s, %s%n",
            device.isGpu() ? "a GPU" : "the CPU",
            device.isGpu() ? precision : "f32");
    part("weights", Bytes.of(memory.weights()));
    part("gradients", Bytes.of(memory.gradients()));
    part("optimizer", Bytes.of(memory.optimizer()));
    part("activations", Bytes.of(memory.activations()));
    part("logits", Bytes.of(memory.logits()));
    part("workspace", Bytes.of(memory.workspace()));
    part("unused", Bytes.of(memory.unused()));
    part(device.isGpu() ? "CUDA" : "Java and BLAS", Bytes.of(memory.runtime()));
    terminal.out().println();
  }

  private void warn(Memory memory, Device device) {
    OptionalLong available = device.isGpu() ? device.memory() : MemoryInfo.current().available();
    if (available.isPresent() && memory.total() > available.getAsLong()) {
      terminal
          .out()
          .printf(
              Locale.ROOT,
              "%n%s this %s has %s available; lower training.batch and raise"
                  + " training.accumulation, or choose a smaller model%n",
              terminal.styled(Style.YELLOW, "!"),
              device.isGpu() ? "GPU" : "machine",
              Bytes.of(available.getAsLong()));
    }
  }

  private void head(String label, String value) {
    terminal.out().println(terminal.styled(Style.BOLD, Words.of("%-22s%18s", label, value)));
  }

  private void count(String label, long value) {
    if (value > 0) {
      part(label, Words.of("%,d", value));
    }
  }

  private void part(String label, String value) {
    terminal.out().printf(Locale.ROOT, "  %-20s%18s%n", label, value);
  }
}
