package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.estimate.EstimateText;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tiebreak estimate}: what a training will cost. */
@Command(
    name = "estimate",
    description = {
      "Shows what a training will cost before it begins: parameters, operations, memory by part,"
          + " time. Nothing is allocated and no text is read, except to count its characters for"
          + " the tokenizer chars."
    },
    footer = {
      "  tiebreak estimate quick",
      "  tiebreak estimate my.toml --set training.batch=4",
      "  tiebreak estimate 1.2b --device cuda --tflops 400    memory and hours on an H100",
      "  tiebreak estimate quick --show-config        every key and its value, as TOML"
    })
final class EstimateCommand extends Action {
  private static final String OTHERWISE = "quick";

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

  @Override
  int run() {
    Check.user(
        name == null || !configOptions.isChosen(),
        "a configuration is given twice, as '%s' and by --config or --preset; give one",
        name);
    TrainConfig config = configOptions.config(name == null ? OTHERWISE : name);
    if (showConfig) {
      terminal().out().print(config.toToml());
    } else {
      Device device = Device.of(deviceName);
      terminal().show(EstimateText.of(config, device, Optional.ofNullable(teraflops)));
    }
    return ExitCode.OK;
  }
}
