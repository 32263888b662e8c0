package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.study.ClusterJob;
import dev.tiebreak.trainer.study.Study;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiebreak study export}: a study as work for a cluster. */
@Command(
    name = "export",
    header = "Writes a Slurm job array or a Kubernetes Job.",
    description = {
      "Writes a Slurm job array or a Kubernetes Job with one task for each run. The tasks work in the"
          + " study's own folder, which must be at the same path there; study run and study verify"
          + " then find what they made."
    },
    footer = {
      "  tiebreak study export my-study --slurm --out job.sh && sbatch job.sh",
      "  tiebreak study export my-study --kubernetes --image registry/tiebreak:1 --out job.yaml"
    })
final class StudyExportCommand extends Action {
  @Mixin private StudyParameter parameter;

  @ArgGroup(multiplicity = "1")
  private Kind kind;

  /** For which cluster: one of the two. */
  static final class Kind {
    @Option(names = "--slurm", description = "A script for sbatch.", required = true)
    private boolean slurm;

    @Option(names = "--kubernetes", description = "A Job for kubectl apply.", required = true)
    private boolean kubernetes;
  }

  @Option(
      names = "--image",
      paramLabel = "<image>",
      defaultValue = "tiebreak",
      description = "Container image with the command tiebreak (default: ${DEFAULT-VALUE}).")
  private String image;

  @Option(
      names = "--claim",
      paramLabel = "<name>",
      defaultValue = "tiebreak",
      description =
          "Volume claim with the folder that this command is started in (default:"
              + " ${DEFAULT-VALUE}).")
  private String claim;

  @Option(names = "--exploratory", description = "Export a study that is not registered.")
  private boolean exploratory;

  @Mixin private CacheOption cacheOption;

  @Option(
      names = "--out",
      paramLabel = "<file>",
      description = "Write to this new file instead of the output.")
  private Path file;

  @Override
  int run() {
    Study study = parameter.open();
    study.requireRegistered(exploratory);
    ClusterJob job = ClusterJob.of(study, cacheOption.named());
    String text = kind.slurm ? job.slurm() : job.kubernetes(image, claim);
    if (file == null) {
      terminal().out().print(text);
    } else {
      ClusterJob.write(file, text);
    }
    return ExitCode.OK;
  }
}
