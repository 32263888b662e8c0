package dev.tiebreak.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A study from its plan to its verification. */
@Tag("slow")
@Timeout(120)
class StudyTest {
  @TempDir Path folder;

  private TinyTraining tiny;

  @BeforeEach
  void begin() {
    tiny = new TinyTraining(folder);
  }

  private SmallStudy study(String name) {
    return SmallStudy.make(tiny, name, 6, 2);
  }

  @Test
  void aStudyIsCheckedRegisteredRunAndVerified() throws IOException {
    SmallStudy study = study("whole");
    assertThat(study.does("check", "--rate=100").succeeded().out())
        .contains(
            "Runs  8, by the numbers of their tasks", "  5  gain/seed-2", "100 GFLOP/s (as given")
        .containsPattern("h1 +8 pairs, 24 judgments, 12 judges")
        .contains("chance of the verdict \"preferred: these checkpoints\"")
        .contains("The plan is not registered; next: tiebreak study preregister " + study.path());
    study.does("run").failed("is not registered", "--exploratory");
    assertThat(study.path().resolve("runs")).doesNotExist();
    assertThat(study.does("preregister").succeeded().out())
        .contains("Registered whole in", "8 configurations", "Next: tiebreak study run");
    Outcome run = study.does("run", "--parallel=2").succeeded();
    assertThat(run.out())
        .isEqualTo(
            String.format(
                Locale.ROOT,
                "8 of 8 runs are complete.\nNext: tiebreak study verify %s\n",
                study.path()));
    assertThat(run.err())
        .contains("Training 8 runs of whole, 2 at once", "both/seed-2  step 6/6  val ")
        .contains("gain/seed-1  complete  (", "(8 of 8 runs complete)");
    assertThat(study.does("verify").succeeded().out())
        .contains("registered 20", " 0 amendments", "final weights    ok")
        .endsWith("86 checks hold.\n"); // 6 of the study, 10 of each run
    assertThat(study.does("run").succeeded().err()).contains("baseline/seed-1  complete before");
  }

  @Test
  void aChangedPlanIsRefusedUntilItIsAmended() throws IOException {
    SmallStudy study = study("changed");
    study.does("preregister").succeeded();
    study.does("run", "--task=0").succeeded();
    String plan = Files.readString(study.plan());
    Files.writeString(study.plan(), plan.replace("warmup = 2", "warmup = 1"));
    for (String command : new String[] {"check", "run", "export"}) {
      String[] more = command.equals("export") ? new String[] {"--slurm"} : new String[0];
      study
          .does(command, more)
          .failed("study.toml has changed", "base.optimizer.warmup = 1", "--amend");
    }
    study.does("preregister").failed("since then the plan study.toml", "--amend");
    Outcome verify = study.does("verify");
    assertThat(verify.code()).isEqualTo(1);
    assertThat(verify.out()).containsPattern("study +plan +FAILED");
    assertThat(study.does("preregister", "--amend=warmed up too long").succeeded().out())
        .contains("Registered amendment 1", "1 of the runs had begun before", "move them away:")
        .contains("  " + study.runs().getFirst());
    Outcome run = study.does("run");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains("7 of 8 runs are complete.", "baseline/seed-1 failed: ", "is not of this plan");
    Files.move(study.runs().getFirst(), folder.resolve("old"));
    study.does("run").succeeded();
    assertThat(study.does("verify").succeeded().out()).contains(" 1 amendments");
    assertThat(Files.readString(study.path().resolve("registration.json")))
        .contains("warmed up too long");
    assertThat(study.path().resolve("registered/1/study.toml")).hasContent(plan);
  }

  @Test
  void anUnregisteredStudyIsMarked() {
    SmallStudy study = study("unregistered");
    study.does("export", "--slurm").failedAtOnce("is not registered", "--exploratory");
    study.does("run", "--exploratory", "--task=7").succeeded();
    assertThat(study.does("verify").succeeded().out())
        .contains("it was run before it was registered", "nothing was fixed beforehand")
        .containsPattern("baseline/seed-1 +complete +- +not begun");
    study.does("preregister").succeeded();
    assertThat(study.does("verify").succeeded().out())
        .contains("it was run before it was registered", "1 run had begun before");
  }

  @Test
  void wrongArgumentsAreNamed() {
    SmallStudy study = study("wrong");
    study.does("run", "--task=8").failedAtOnce("--task is 8", "8 runs, numbered 0 to 7");
    study.does("run", "--parallel=0").failedAtOnce("--parallel is 0");
    study.does("export").failedAtOnce("--slurm", "--kubernetes");
    Outcome.of("study", "run", folder + "/none").failedAtOnce("no study in", "study init");
    Outcome.of("study", "init", study.path().toString()).failedAtOnce("study.toml", "nothing was");
    Outcome.of("study", "init", folder + "/x", "--size=big").failedAtOnce("no size 'big'", "demo");
    Outcome.of("study", "chekc").failedAtOnce("did you mean check?");
  }

  @ParameterizedTest
  @CsvSource({"demo, 8, 16", "consumer-gpu, 24, 64", "original, 12, 64"})
  void everySizeIsAPlanThatExplainsEveryKey(String size, int runs, int prompts) throws IOException {
    Path path = folder.resolve(size);
    Outcome init = Outcome.of("study", "init", path.toString(), "--size=" + size).succeeded();
    assertThat(init.out()).contains("4 arms x ", "6 comparisons", "tiebreak study check " + path);
    assertThat(path.resolve("prompts.jsonl")).content().hasLineCount(prompts);
    String plan = Files.readString(path.resolve("study.toml"));
    assertThat(plan.lines()).allMatch(line -> line.length() <= 100);
    assertThat(plan)
        .contains("control_temperature = \"matched_entropy\"", "\"one_plus_s_over_v\"")
        .contains("control_seed = \"next\"");
    Files.writeString(
        path.resolve("study.toml"),
        plan.replaceAll("text = \\[\"\\w+\"\\]", "text = [\"" + tiny.text() + "\"]")
            .replace("\"gpt2\"", "\"bytes\""));
    Outcome check =
        Outcome.of(
            "study", "check", path.toString(), "--rate=1e6", "--cache=" + folder.resolve("cache"));
    assertThat(check.out()).as(check.err()).contains("Runs  " + runs + ",");
  }
}
