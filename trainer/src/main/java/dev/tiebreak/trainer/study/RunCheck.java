package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.lab.train.RunManifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether a run folder holds the run that the study means, by the hashes in its manifest: it may
 * have been made elsewhere, or by an earlier plan.
 */
final class RunCheck {
  private final Study study;
  private final RunManifest.Data data;

  RunCheck(Study study, RunManifest.Data data) {
    this.study = study;
    this.data = data;
  }

  /** The manifest of a run, if it has begun. */
  Optional<RunManifest> manifest(RunId run) {
    Path file = new RunFolder(study.folder().run(run)).manifest();
    return Files.exists(file) ? Optional.of(RunManifest.load(file)) : Optional.empty();
  }

  /** What is wrong with a run, to be read after the name of its folder; empty if nothing is. */
  Optional<String> problem(RunId run, RunManifest manifest) {
    return config(run, manifest).or(() -> data(manifest)).or(() -> twins(run, manifest));
  }

  Optional<String> config(RunId run, RunManifest manifest) {
    return compare(
        "is not of this plan: its configuration",
        manifest.configHash(),
        study.plan().config(run).hash());
  }

  Optional<String> data(RunManifest manifest) {
    return compare("read another text: its text", manifest.data().textHash(), data.textHash())
        .or(() ->
            compare(
                "read other tokens: its tokenizer",
                manifest.data().tokenizerHash(),
                data.tokenizerHash()))
        .or(() ->
            compare(
                "read other tokens: its tokens", manifest.data().tokensHash(), data.tokensHash()));
  }

  /** Compares a run's initial weights with those of the same seed's other runs. */
  Optional<String> twins(RunId run, RunManifest manifest) {
    for (RunId twin : study.plan().runs()) {
      if (twin.seed() == run.seed() && !twin.equals(run)) {
        Optional<String> other = manifest(twin).map(RunManifest::initialWeightsHash);
        if (other.isPresent() && !other.get().equals(manifest.initialWeightsHash())) {
          return Optional.of(
              Words.of(
                  "and its twin %s did not start from the same weights (SHA-256 %.8s... and %.8s...)",
                  twin, manifest.initialWeightsHash(), other.get()));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> compare(String what, String found, String expected) {
    return found.equals(expected)
        ? Optional.empty()
        : Optional.of(
            Words.of("%s has SHA-256 %.8s..., the study's %.8s...", what, found, expected));
  }
}
