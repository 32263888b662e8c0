package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Sheet;
import dev.tiebreak.trainer.cli.Terminal.Style;
import dev.tiebreak.trainer.lab.bench.MachineReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tiebreak doctor}: what this machine offers, and what holds it back. */
@Command(
    name = "doctor",
    description = {
      "Shows Java, processor, GPUs, libraries, memory and disk, measures the speed of matrix products"
          + " and names what holds this machine back, with the remedy."
    },
    footer = {
      "  tiebreak doctor",
      "  tiebreak doctor --threads 1           the speed of one thread",
      "  env -u OPENBLAS_CORETYPE tiebreak doctor"
    })
final class DoctorCommand extends Action {
  @Mixin private ThreadsOption threads;

  @Override
  int run() {
    Sheet sheet = MachineReport.make(threads.count());
    terminal().show(sheet);
    if (sheet.isSound()) {
      print("%n%s%n", terminal().styled(Style.GREEN, "Nothing holds this machine back."));
    }
    return ExitCode.OK;
  }
}
