package dev.tiebreak.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** What a cluster is given is run here as the cluster would run it. */
@Tag("slow")
@Timeout(120)
class StudyExportTest {
  @TempDir Path folder;

  private SmallStudy study;
  private SmallStudy here;

  @BeforeEach
  void registerAndPutTheCommandOnThePath() throws Exception {
    assumeFalse(System.getProperty("os.name").startsWith("Windows"), "no shell");
    TinyTraining tiny = new TinyTraining(folder);
    study = SmallStudy.make(tiny, "a study's", 4, 2); // a name that a shell has to quote
    here = SmallStudy.make(tiny, "here", 4, 2);
    study.doesAlone("preregister").succeeded();
    here.does("run", "--exploratory").succeeded();
    String java =
        TinyTraining.java(List.of()).stream()
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(" "));
    Path command = folder.resolve("bin/tiebreak");
    Files.createDirectories(command.getParent());
    Files.writeString(command, "#!/bin/sh\nexec " + java + " \"$@\"\n");
    Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Runs a task's command line, as task number {@code index}. */
  private void runTask(List<String> command, String variable, int index) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put(variable, Integer.toString(index));
    environment.merge("PATH", folder.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
    Path output = folder.resolve("task.out");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    assertThat(Files.readString(output)).contains("1 of 1 runs are complete.");
  }

  private void assertMade(int index) {
    for (int i = 0; i < study.runs().size(); i++) {
      if (i == index) {
        Runs.assertSameCheckpoint(study.runs().get(i), here.runs().get(i), 4);
      } else {
        assertThat(study.runs().get(i)).doesNotExist();
      }
    }
  }

  @Test
  void aJobArrayTrainsOneRunInEachTask() throws Exception {
    Path script = folder.resolve("job.sh");
    study.does("export", "--slurm", "--out=" + script).succeeded();
    assertThat(Files.readAllLines(script))
        .startsWith("#!/bin/sh", "#SBATCH --job-name=tiebreak-a-study-s", "#SBATCH --array=0-7")
        .contains("#SBATCH --cpus-per-task=1", "#SBATCH --requeue");
    runTask(List.of("sh", script.toString()), "SLURM_ARRAY_TASK_ID", 5);
    assertMade(5);
    study.does("export", "--slurm", "--out=" + script).failedAtOnce("is there already", "--out");
  }

  @Test
  void anIndexedJobTrainsOneRunInEachPod() throws Exception {
    Outcome refused = study.does("export", "--kubernetes");
    assertThat(refused.code()).isEqualTo(2); // the study is elsewhere than the volume
    assertThat(refused.err()).contains("is not below", "start this program in a folder above");
    Map<String, Object> job = job();
    assertThat(job).containsEntry("apiVersion", "batch/v1").containsEntry("kind", "Job");
    assertThat(this.<String>at(job, "metadata", "name")).isEqualTo("tiebreak-a-study-s");
    Map<String, Object> spec = at(job, "spec");
    assertThat(spec)
        .containsEntry("completionMode", "Indexed")
        .containsEntry("completions", 8)
        .containsEntry("parallelism", 8);
    assertThat((int) at(spec, "backoffLimitPerIndex")).isPositive();
    Map<String, Object> pod = at(spec, "template", "spec");
    assertThat(pod).containsEntry("restartPolicy", "Never"); // which a limit per index needs
    List<Map<String, Object>> containers = at(pod, "containers");
    assertThat(containers).hasSize(1);
    Map<String, Object> container = containers.getFirst();
    assertThat(container)
        .containsEntry("image", "registry/tiebreak:1")
        .containsEntry("workingDir", folder.toRealPath().toString());
    assertThat(container.get("volumeMounts"))
        .isEqualTo(List.of(Map.of("name", "work", "mountPath", folder.toRealPath().toString())));
    assertThat(pod.get("volumes"))
        .isEqualTo(
            List.of(
                Map.of("name", "work", "persistentVolumeClaim", Map.of("claimName", "shared"))));
    assertThat(this.<Map<String, Object>>at(container, "resources", "requests"))
        .containsEntry("cpu", 1)
        .containsKey("memory");
    runTask(at(container, "command"), "JOB_COMPLETION_INDEX", 2);
    assertMade(2);
  }

  /** Exported by a process that starts in the folder above the study. */
  private Map<String, Object> job() throws Exception {
    List<String> command =
        TinyTraining.java(
            study.command(
                "export", "--kubernetes", "--image=registry/tiebreak:1", "--claim=shared"));
    Path yaml = folder.resolve("job.yaml");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toRealPath().toFile())
            .redirectOutput(yaml.toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("err"))).isZero();
    return new Yaml().load(Files.readString(yaml));
  }

  /** A value by the names on the way to it. */
  @SuppressWarnings("unchecked") // a wrong type fails where the value is used
  private <V> V at(Map<String, Object> tree, String... names) {
    Object node = tree;
    for (String name : names) {
      node = ((Map<String, Object>) node).get(name);
    }
    return (V) node;
  }
}
