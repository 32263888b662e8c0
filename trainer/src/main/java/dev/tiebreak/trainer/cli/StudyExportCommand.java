package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.study.ClusterJob;
import dev.tiebreak.trainer.study.Study;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiebreak study export}: a study as work for a cluster. */
@Command(
    name = "export",
    header = "Writes a Slurm job array or a Kubernetes Job.",
    description = {
      "Writes a Slurm job array or a Kubernetes Job with one task for each run. The tasks work in the"
          + " study's own folder, which must be at the same path there; study run and study verify"
          + " then find what they made."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak study export my-study --slurm --out job.sh && sbatch job.sh",
      "  tiebreak study export my-study --kubernetes --image registry/tiebreak:1 --out job.yaml"
    })
final class StudyExportCommand implements Callable<Integer> {
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

  @Option(
      names = "--cache",
      paramLabel = "<folder>",
      description = "Where tasks keep encoded texts (default: in the user's cache folder).")
  private Path cache;

  @Option(
      names = "--out",
      paramLabel = "<file>",
      description = "Write to this new file instead of the output.")
  private Path file;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Study study = parameter.open();
    Path start = Path.of("").toAbsolutePath();
    if (study.registration().isEmpty() && !exploratory) {
      throw new UserError(
          Words.of(
              "the study in %s is not registered; fix its plan first with %s, or give --exploratory, which is recorded when it runs",
              parameter.path(), parameter.command("preregister")));
    }
    ClusterJob job =
        new ClusterJob(study, start, study.registration().isEmpty(), Optional.ofNullable(cache));
    if (kind.kubernetes && !parameter.path().toAbsolutePath().normalize().startsWith(start)) {
      throw new UserError(
          Words.of(
              "the study %s is not below %s, which the volume claim is mounted at; start this command in a folder above the study",
              parameter.path(), start));
    }
    String text = kind.slurm ? job.slurm() : job.kubernetes(image, claim);
    if (file == null) {
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
    } else {
      write(text);
    }
    return ExitCode.OK;
  }

  private void write(String text) {
    if (Files.exists(file)) {
      throw new UserError(file + " is there already; choose another --out");
    }
    try {
      AtomicFiles.writeString(file, text);
    } catch (IOException e) {
      throw UserError.io("write", file, e);
    }
  }
}
