package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Json;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.Shell;
import dev.tiebreak.trainer.base.TextFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.config.TrainingConfig.Precision;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.estimate.Vocabulary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * A study as work for a cluster: one task for each run, each the command {@code tiebreak study run
 * --task}. All tasks see the study's folder at the same path, so that what they make lies where it
 * would lie if it were made here.
 *
 * @param start the folder that tasks start in, absolute: relative paths of texts count from there
 * @param exploratory whether the tasks run a study that is not registered
 * @param cache where encoded texts are kept, if not in the user's cache folder
 */
public record ClusterJob(Study study, Path start, boolean exploratory, Optional<Path> cache) {
  private static final int LONGEST_NAME = 50;
  private static final long SPARE_BYTES = 1L << 30; // for the text, while it is being encoded
  private static final int SECONDS_TO_STOP = 120; // for a checkpoint
  private static final String JOB =
      """
      # One pod for each of the %d runs of the study. The claim must hold what is in %s here.
      # Delete the Job and apply it again to go on with what failed: what is complete stays.
      apiVersion: batch/v1
      kind: Job
      metadata:
        name: %s
      spec:
        completionMode: Indexed
        completions: %d
        parallelism: %d
        backoffLimitPerIndex: 6
        podFailurePolicy:
          rules:
            - action: FailIndex
              onExitCodes:
                operator: In
                values: [1, 2]
        template:
          spec:
            restartPolicy: Never
            terminationGracePeriodSeconds: %d
            containers:
              - name: run
                image: %s
                workingDir: %s
                command: ["sh", "-c", %s]
                resources:
                  %s
                volumeMounts:
                  - name: work
                    mountPath: %s
            volumes:
              - name: work
                persistentVolumeClaim:
                  claimName: %s
      """;

  /** Tasks that start in the folder that this process was started in. */
  public static ClusterJob of(Study study, Optional<Path> cache) {
    Path start = Path.of("").toAbsolutePath();
    return new ClusterJob(study, start, study.registration().isEmpty(), cache);
  }

  /**
   * Writes a job into a new file.
   *
   * @throws UserError if the file is there already, or cannot be written
   */
  public static void write(Path file, String text) {
    if (Files.exists(file)) {
      throw new UserError(file + " is there already; choose another file", Remedy.parameter("out"));
    }
    TextFiles.write(file, text, "the job");
  }

  private int tasks() {
    return study.plan().runs().size();
  }

  private TrainConfig config() {
    return study.plan().config(study.plan().runs().getFirst());
  }

  private int threads() {
    return Math.max(1, config().training().threads());
  }

  private boolean needsGpu() {
    return config().training().precision() == Precision.BF16;
  }

  /** Memory of one task on a processor, in units of 10^6 bytes. */
  private long megabytes() {
    int vocabulary = Vocabulary.of(config().data()).size();
    long planned = StudyCosts.of(study.plan(), vocabulary, Device.cpu()).largest().memory().total();
    return (planned + SPARE_BYTES) / 1_000_000;
  }

  /** The command of one task; {@code index} is how a shell finds the task's number. */
  private String command(String index) {
    String from = cache.map(folder -> " --cache " + Shell.word(folder.toAbsolutePath())).orElse("");
    return Words.of(
        "tiebreak study run %s --task \"$%s\"%s%s",
        Shell.word(study.folder().path().toAbsolutePath().normalize()),
        index,
        exploratory ? " --exploratory" : "",
        from);
  }

  /** Lower-case letters, digits and hyphens, as cluster names are. */
  private String name() {
    String plain =
        study
            .plan()
            .name()
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    String name = "tiebreak-" + plain;
    return name.substring(0, Math.min(LONGEST_NAME, name.length())).replaceAll("-+$", "");
  }

  /**
   * A job array for Slurm's {@code sbatch}. Before its time is up a task is told to stop, writes a
   * checkpoint, and goes on from it when the script is submitted again.
   */
  public String slurm() {
    return Words.of(
        """
        #!/bin/sh
        #SBATCH --job-name=%s
        #SBATCH --array=0-%d
        #SBATCH --ntasks=1
        #SBATCH --cpus-per-task=%d
        #SBATCH --%s
        #SBATCH --output=%%x-%%a.out
        #SBATCH --open-mode=append
        #SBATCH --requeue
        #SBATCH --signal=B:TERM@%d

        # One task for each of the %d runs of the study. Add --time and --partition as your cluster
        # wants them. Submit it again to go on with what was interrupted: what is complete stays.
        cd %s || exit 2
        exec %s
        """,
        name(),
        tasks() - 1,
        threads(),
        needsGpu() ? "gres=gpu:1" : "mem=" + megabytes() + "M",
        SECONDS_TO_STOP,
        tasks(),
        Shell.word(start),
        command("SLURM_ARRAY_TASK_ID"));
  }

  /**
   * An indexed Job for Kubernetes. A pod that is killed is started again and goes on from its last
   * checkpoint; one whose run cannot be trained is not.
   *
   * @param image a container image with the command {@code tiebreak}
   * @param claim the volume claim that holds the folder which tasks start in, and the study in it
   * @throws UserError if the study is not below the folder that tasks start in
   */
  public String kubernetes(String image, String claim) {
    Check.user(
        study.folder().path().toAbsolutePath().normalize().startsWith(start),
        "the study %s is not below %s, which the volume claim is mounted at; start this program in a folder above the study",
        study.folder().path(),
        start);
    return Words.of(
        JOB,
        tasks(),
        start,
        name(),
        tasks(),
        tasks(),
        SECONDS_TO_STOP,
        quoted(image),
        quoted(start.toString()),
        quoted("exec " + command("JOB_COMPLETION_INDEX")),
        resources(),
        quoted(start.toString()),
        quoted(claim));
  }

  private String resources() {
    return needsGpu()
        ? "limits:\n              nvidia.com/gpu: 1"
        : Words.of(
            "requests:\n              cpu: %d\n              memory: %s",
            threads(), quoted(megabytes() + "M"));
  }

  /** A string of JSON is one of YAML. */
  private static String quoted(String text) {
    return Json.line(text);
  }
}
