package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.train.PreparedText;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.lab.train.RunManifest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A study as it lies in its folder.
 *
 * @param promptTexts what models continue
 * @param registration what was fixed before; empty if nothing was yet
 */
public record Study(
    StudyFolder folder, StudyPlan plan, Prompts promptTexts, Optional<Registration> registration) {

  /**
   * Opens a study for everything but changing its plan.
   *
   * @throws UserError if there is none, if plan or prompts are wrong, or if they are not what was
   *     registered: the message says what changed
   */
  public static Study open(Path path) {
    Study study = openChanged(path);
    study.registration.ifPresent(registration -> registration.requireUnchanged(study));
    return study;
  }

  /** Opens a study whose plan and prompts may differ from what was registered. */
  public static Study openChanged(Path path) {
    StudyFolder folder = StudyFolder.open(path);
    StudyPlan plan = StudyPlan.read(folder.plan());
    return new Study(folder, plan, Prompts.read(folder.prompts(plan)), Registration.load(folder));
  }

  /**
   * Opens the text that all runs read, encoding it where that was not done yet.
   *
   * @param cache folder of prepared texts
   * @param status told in a few words what is being done, if there is anything to do
   * @throws UserError if it cannot be read, or is not the text that was registered
   */
  public Dataset data(Path cache, Consumer<String> status) {
    Dataset data = anyData(cache, status);
    try {
      registration.ifPresent(registered -> registered.requireData(data, folder));
      return data;
    } catch (UserError e) {
      data.close();
      throw e;
    }
  }

  /** The same, whatever is registered. */
  public Dataset anyData(Path cache, Consumer<String> status) {
    return PreparedText.open(plan.config(plan.runs().getFirst()).data(), cache, status);
  }

  /**
   * Fixes the plan, or does so again after a change.
   *
   * @param text of the study, opened without regard to what is registered
   * @param amendment why the registered plan has changed; empty for a first registration
   * @return the study with its registration
   * @throws UserError if it is registered already and this is no amendment, if it is not and this
   *     is one, if nothing has changed, or if prompts overlap with the training text
   */
  public Study register(Dataset text, Optional<String> amendment) {
    Registration.Entry now = Registration.Entry.of(this, text, amendment.orElse(""));
    if (registration.isEmpty() && amendment.isPresent()) {
      throw new UserError(
          "the study in " + folder.path() + " is not registered yet; there is nothing to amend",
          Remedy.step(Remedy.Kind.REGISTER, folder.path()));
    }
    if (registration.isPresent()) {
      requireAmendment(now, amendment);
    }
    PromptOverlap.requireNone(promptTexts, plan.prompts().overlapWords(), text);
    Registration next = Registration.with(registration, now);
    next.write(this);
    return new Study(folder, plan, promptTexts, Optional.of(next));
  }

  private void requireAmendment(Registration.Entry now, Optional<String> amendment) {
    List<String> different = registration.orElseThrow().current().differences(now);
    Check.user(
        !different.isEmpty(),
        "the study in %s is registered as it is; there is nothing to register",
        folder.path());
    if (amendment.isEmpty() || amendment.get().isBlank()) {
      throw new UserError(
          Words.of(
              "the study in %s is registered, and since then %s changed; undo that, or amend the registration and say why",
              folder.path(), String.join(", ", different)),
          Remedy.step(Remedy.Kind.AMEND, folder.path()));
    }
  }

  /**
   * Checks that the study may be run: registered and by the registered program, or knowingly not.
   *
   * @param exploratory whether it is knowingly run unregistered, which is then recorded
   * @throws UserError if it may not
   */
  public void requireRunnable(boolean exploratory) {
    if (registration.isPresent()) {
      registration.get().requireCode(folder);
      return;
    }
    requireRegistered(exploratory);
    Exploration.note(folder);
  }

  /**
   * Checks that the study is registered, or knowingly not.
   *
   * @throws UserError if it is neither
   */
  public void requireRegistered(boolean exploratory) {
    if (registration.isEmpty() && !exploratory) {
      throw new UserError(
          Words.of(
              "the study in %s is not registered; fix its plan first, or run it as an exploratory one, which is recorded",
              folder.path()),
          Remedy.step(Remedy.Kind.REGISTER, folder.path()),
          Remedy.parameter("exploratory"));
    }
  }

  /** Whether it was ever run without a registration. */
  public boolean isExploratory() {
    return Exploration.is(folder);
  }

  /** Runs that have begun and are not what the plan now says: they have to be moved away. */
  public List<RunId> staleRuns() {
    return folder.begunRuns().stream().filter(run -> !isOfPlan(run)).toList();
  }

  private boolean isOfPlan(RunId run) {
    return plan.configs().containsKey(run)
        && RunManifest.load(new RunFolder(folder.run(run)).manifest())
            .configHash()
            .equals(plan.config(run).hash());
  }
}
