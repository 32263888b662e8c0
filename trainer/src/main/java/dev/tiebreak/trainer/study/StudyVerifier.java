package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.ballot.pairs.PairsManifest;
import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.lab.train.RunSummary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks every hash of a study anew: what was registered, what each run started from, that twins
 * are twins, and that the weights are those that the training ended with.
 */
public final class StudyVerifier {
  private final Study study;
  private final Dataset data;
  private final List<Verdict> verdicts = new ArrayList<>();

  /**
   * @param study opened without regard to what is registered
   * @param data its text as it is now
   */
  public StudyVerifier(Study study, Dataset data) {
    this.study = study;
    this.data = data;
  }

  /** All checks, the study's own first, then those of its runs in the plan's order. */
  public List<Verdict> verify() {
    registration(checks("study"));
    RunVerifier runs = new RunVerifier(study, data);
    study.plan().runs().forEach(run -> runs.verify(run, checks(run.toString())));
    for (RunId begun : study.folder().begunRuns()) {
      if (!study.plan().configs().containsKey(begun)) {
        checks(begun.toString()).note("plan", "not of this plan, and not checked");
      }
    }
    Checks pairs = checks("pairs");
    pairs.attempt("manifest", () -> pairs(pairs));
    return List.copyOf(verdicts);
  }

  private Checks checks(String subject) {
    return new Checks(subject, verdicts);
  }

  private void registration(Checks checks) {
    if (study.isExploratory()) {
      checks.note("exploratory", "it was run before it was registered");
    }
    study
        .registration()
        .ifPresentOrElse(
            one -> registration(one, checks),
            () -> checks.note("registration", "not registered: nothing was fixed beforehand"));
  }

  private void registration(Registration registration, Checks checks) {
    Registration.Entry then = registration.current();
    Registration.Entry now = Registration.Entry.of(study, data, "");
    checks.note(
        "registration",
        Words.of(
            "registered %s, %d amendments",
            registration.entries().getFirst().time(), registration.entries().size() - 1));
    if (!then.begun().isEmpty()) {
      String runs = then.begun().size() == 1 ? "1 run" : then.begun().size() + " runs";
      checks.note("foresight", runs + " had begun before the registration that counts");
    }
    checks.same("plan", then.planHash(), now.planHash());
    checks.same("prompts", then.promptsHash(), now.promptsHash());
    boolean equal = then.configHashes().equals(now.configHashes());
    checks.noProblem("configurations", equal ? Optional.empty() : Optional.of(""));
    checks.same("text", then.data().textHash(), now.data().textHash());
    checks.same("tokens", then.data().tokensHash(), now.data().tokensHash());
    if (then.code().sha256().equals(now.code().sha256())) {
      checks.holds("program", "");
    } else {
      checks.note("program", "another build verifies; which one trained is checked of each run");
    }
  }

  private void pairs(Checks checks) {
    StudyFolder folder = study.folder();
    PairsManifest.FORMAT
        .readIfThere(folder.pairsManifest())
        .ifPresent(manifest -> {
          file(folder.pairs(), manifest.pairsHash(), checks);
          file(folder.key(), manifest.keyHash(), checks);
          checks.same("plan", manifest.planHash(), Sha256.of(folder.plan()));
          study.plan().runs().forEach(run -> weights(run, manifest, checks));
        });
  }

  /** The key may be with somebody else, so that nobody here can look. */
  private static void file(Path file, String hash, Checks checks) {
    String name = file.getFileName().toString();
    if (Files.exists(file)) {
      checks.same(name, hash, Sha256.of(file));
    } else {
      checks.note(name, "not here");
    }
  }

  private void weights(RunId run, PairsManifest manifest, Checks checks) {
    String hash = manifest.weights().get(run.toString());
    Path summary = new RunFolder(study.folder().run(run)).summary();
    if (hash != null && Files.exists(summary)) {
      checks.same("of " + run, hash, RunSummary.load(summary).weightsHash());
    }
  }
}
