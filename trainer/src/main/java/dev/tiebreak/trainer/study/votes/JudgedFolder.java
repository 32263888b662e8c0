package dev.tiebreak.trainer.study.votes;

import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.VoteLog;
import dev.tiebreak.trainer.ballot.Votes;
import dev.tiebreak.trainer.ballot.protocol.JudgingPlan;
import dev.tiebreak.trainer.ballot.protocol.Protocol;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.judge.JudgeSettings;
import dev.tiebreak.trainer.judge.JudgeStore;
import dev.tiebreak.trainer.judge.PairsFile;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A folder whose pairs are judged: that of a study, or any other with a {@code pairs.jsonl}. */
public record JudgedFolder(Path path) {
  /** A table of votes that somebody put into the folder; read if none were collected there. */
  public static final String TABLE = "votes.csv";

  /**
   * How a study's pairs are judged; empty where there is no study.
   *
   * @throws UserError if its plan is no longer the registered one
   */
  public Optional<JudgingPlan> plan() {
    boolean study = Files.isRegularFile(new StudyFolder(path).plan());
    return study ? Optional.of(Study.open(path).plan().judging()) : Optional.empty();
  }

  private Path database() {
    return path.resolve(JudgeStore.NAME);
  }

  /**
   * Opens the judgments of people, or begins to keep some.
   *
   * @param changes to what the study plans, or to the usual settings
   * @throws UserError if judging was begun with other settings
   */
  public JudgeStore open(UnaryOperator<JudgeSettings> changes) {
    JudgingPlan plan = plan().orElseGet(() -> Protocol.usual().judging());
    PairsFile pairs = PairsFile.read(path.resolve(PairsFile.NAME));
    JudgeStore store = JudgeStore.open(database(), pairs, changes.apply(JudgeSettings.of(plan)));
    if (!changes.apply(store.settings()).equals(store.settings())) {
      store.close();
      throw new UserError(
          Words.of(
              "%s was begun with other numbers of judgments, items, duplicates, catch items or hours; leave them out, or move the file away to begin anew",
              database()));
    }
    return store;
  }

  /**
   * Opens judgments of people that were begun.
   *
   * @throws UserError if none were
   */
  public JudgeStore openBegun() {
    if (!Files.exists(database())) {
      throw new UserError(
          Words.of(
              "nothing is judged in %s yet (no %s); invite judges first", path, JudgeStore.NAME),
          Remedy.step(Remedy.Kind.INVITE, path));
    }
    return open(UnaryOperator.identity());
  }

  /**
   * All votes: those of people first, then those of {@code votes.jsonl}; else those of {@value
   * #TABLE}.
   *
   * @throws UserError if there are none
   */
  public List<Vote> votes() {
    List<Vote> votes = new ArrayList<>();
    if (Files.exists(database())) {
      try (JudgeStore store = openBegun()) {
        votes.addAll(store.votes());
      }
    }
    Path log = path.resolve(VoteLog.NAME);
    if (Files.exists(log)) {
      votes.addAll(Votes.read(log));
    }
    Path table = path.resolve(TABLE);
    if (votes.isEmpty() && Files.exists(table)) {
      votes.addAll(Votes.read(table));
    }
    if (votes.isEmpty()) {
      throw new UserError(
          Words.of(
              "there are no votes in %s (no such file, or none in it: %s, %s, %s); let its pairs be judged first",
              path, JudgeStore.NAME, VoteLog.NAME, TABLE),
          Remedy.step(Remedy.Kind.JUDGE));
    }
    return votes;
  }
}
