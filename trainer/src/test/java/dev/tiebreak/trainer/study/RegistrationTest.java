package dev.tiebreak.trainer.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrationTest {
  @TempDir Path root;

  private TinyStudy tiny() {
    return new TinyStudy(root);
  }

  private static void assertRefused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aRegistrationHoldsEveryHashAndReadsBackEqual() throws IOException {
    Study study = tiny().register(tiny().make("study"));
    Registration.Entry entry = study.registration().orElseThrow().current();
    assertThat(entry.configHashes()).containsOnlyKeys(study.plan().runs());
    assertThat(entry.configHashes().values()).doesNotHaveDuplicates();
    assertThat(entry.data().trainTokens()).isPositive();
    assertThat(entry.begun()).isEmpty();
    assertThat(entry.reason()).isEmpty();
    assertThat(Study.open(study.folder().path()).registration()).isEqualTo(study.registration());
    assertThat(study.folder().path().resolve("registered/1/study.toml"))
        .hasSameBinaryContentAs(study.folder().plan());
    assertThat(Files.readString(study.folder().registration())).contains(entry.planHash());
  }

  @Test
  void aChangedPlanIsRefusedWithTheLineThatChanged() {
    Study study = tiny().register(tiny().make("study"));
    Path path = study.folder().path();
    tiny().replace(study.folder().plan(), "seeds = [1, 2]", "seeds = [1, 2, 3]");
    assertRefused(
        () -> Study.open(path),
        study.folder().plan() + " has changed since the study was registered",
        "first in line 3: seeds = [1, 2, 3]",
        "amend the registration");
    tiny().replace(study.folder().plan(), "seeds = [1, 2, 3]", "seeds = [1, 2]");
    assertThat(Study.open(path).plan().seeds()).containsExactly(1L, 2L);
  }

  @Test
  void evenAChangedCommentIsAChange() throws IOException {
    Study study = tiny().register(tiny().make("study"));
    Files.writeString(study.folder().plan(), tiny().plan() + "# seen the results\n");
    assertRefused(() -> Study.open(study.folder().path()), "# seen the results");
  }

  @Test
  void changedPromptsAreRefused() {
    Study study = tiny().register(tiny().make("study"));
    tiny().replace(study.folder().prompts(), "quick", "slow");
    assertRefused(() -> Study.open(study.folder().path()), "prompts.jsonl has changed");
  }

  @Test
  void aChangedBaseFileIsRefused() throws IOException {
    Study study = tiny().make("study");
    tiny().write("study/base.toml", "extends = \"tiny\"\n");
    tiny().replace(study.folder().plan(), "extends = \"tiny\"", "extends = \"base.toml\"");
    tiny().register(Study.open(study.folder().path()));
    tiny().write("study/base.toml", "extends = \"tiny\"\noptimizer.beta1 = 0.5\n");
    assertRefused(
        () -> Study.open(study.folder().path()),
        "the configuration of baseline/seed-1",
        "a file that [base] extends");
  }

  @Test
  void aChangedTextIsRefused() {
    Study study = tiny().register(tiny().make("study"));
    tiny().replace(root.resolve("text.txt"), "lazy", "busy");
    assertRefused(
        () -> tiny().data(study), "the text of the study has changed", "amend the registration");
  }

  @Test
  void anAmendmentKeepsWhatWasBefore() {
    Study first = tiny().register(tiny().make("study"));
    tiny().run(first, List.of(new RunId("both", 1)), 1, StudyListener.NONE);
    tiny().replace(first.folder().plan(), "arms = [\"baseline\"", "arms = [\"gain\", \"baseline\"");
    tiny().replace(first.folder().plan(), "warmup = 2", "warmup = 3");
    Study changed = Study.openChanged(first.folder().path());
    assertRefused(
        () -> tiny().register(changed),
        "since then the plan study.toml, the resolved configurations changed",
        "amend the registration");
    Study amended = tiny().register(changed, "an arm was forgotten");
    Registration registration = Study.open(first.folder().path()).registration().orElseThrow();
    assertThat(registration.entries()).hasSize(2).startsWith(first.registration().get().current());
    assertThat(registration.current().reason()).isEqualTo("an arm was forgotten");
    assertThat(registration.current().begun()).containsExactly(new RunId("both", 1));
    assertThat(amended.staleRuns()).containsExactly(new RunId("both", 1));
    assertThat(first.folder().path().resolve("registered/1/study.toml")).hasContent(tiny().plan());
    assertThat(tiny().run(amended, List.of(new RunId("both", 1)), 1, StudyListener.NONE))
        .extracting(RunEnd::kind)
        .containsExactly(RunEnd.Kind.FAILED);
  }

  @Test
  void nothingIsRegisteredTwiceOrAmendedForNothing() {
    Study study = tiny().make("study");
    assertRefused(() -> tiny().register(study, "why"), "not registered yet");
    Study registered = tiny().register(study);
    assertRefused(() -> tiny().register(registered), "registered as it is");
    assertRefused(() -> tiny().register(registered, "why"), "nothing to register");
  }

  @Test
  void anUnregisteredStudyRunsOnlyKnowingly() throws IOException {
    Study study = tiny().make("study");
    assertRefused(() -> study.requireRunnable(false), "not registered", "exploratory");
    assertThat(study.isExploratory()).isFalse();
    study.requireRunnable(true);
    study.requireRunnable(true);
    assertThat(study.isExploratory()).isTrue();
    assertThat(Files.readAllLines(study.folder().exploration())).hasSize(2);
    Study registered = tiny().register(study);
    registered.requireRunnable(false);
    assertThat(registered.isExploratory()).as("it stays known").isTrue();
  }

  @Test
  void anotherProgramIsRefused() {
    Study study = tiny().register(tiny().make("study"));
    String hash = study.registration().orElseThrow().current().code().sha256();
    tiny().replace(study.folder().registration(), hash, "f".repeat(64));
    assertRefused(
        () -> Study.open(study.folder().path()).requireRunnable(false), "another program");
  }

  @Test
  void aDamagedRegistrationIsRefused() {
    Study study = tiny().register(tiny().make("study"));
    tiny().replace(study.folder().registration(), "plan_sha256", "plan");
    assertRefused(() -> Study.open(study.folder().path()), "is damaged");
    tiny().write("study/registration.json", "{}");
    assertRefused(
        () -> Study.open(study.folder().path()), "is not a tiebreak-registration of version 1");
  }
}
