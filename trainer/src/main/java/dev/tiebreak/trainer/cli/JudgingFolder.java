package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.VoteLog;
import dev.tiebreak.trainer.ballot.Votes;
import dev.tiebreak.trainer.ballot.protocol.JudgingPlan;
import dev.tiebreak.trainer.base.Shell;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.judge.JudgeSettings;
import dev.tiebreak.trainer.judge.JudgeStore;
import dev.tiebreak.trainer.judge.PairsFile;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The folder with pairs to judge, for the commands about people who do. */
final class JudgingFolder {
  private static final int JUDGMENTS = 3;
  private static final int ITEMS = 32;
  private static final int DUPLICATES = 3;
  private static final int CATCH_ITEMS = 2;
  private static final double HOURS = 24;

  @Parameters(
      index = "0",
      paramLabel = "<folder>",
      description = "The folder of a study, or any folder with a pairs.jsonl.")
  private Path path;

  /** What a new judge.db is made with. */
  static final class Plan {
    @Option(
        names = "--judgments-per-pair",
        paramLabel = "<n>",
        description = "Judges for each pair (default: as the study plans; else 3).")
    private Integer judgments;

    @Option(
        names = "--items-per-judge",
        paramLabel = "<n>",
        description = "Pairs for each judge, of a prompt each (default: as planned; else 32).")
    private Integer items;

    @Option(
        names = "--duplicates",
        paramLabel = "<n>",
        description = "Pairs that a judge sees twice (default: as planned; else 3).")
    private Integer duplicates;

    @Option(
        names = "--catch-items",
        paramLabel = "<n>",
        description = "Texts against nonsense for each judge (default: as planned; else 2).")
    private Integer catchItems;

    @Option(
        names = "--abandoned-after",
        paramLabel = "<hours>",
        description =
            "Hours of silence after which others are given what a judge has not answered"
                + " (default: 24).")
    private double hours = HOURS;

    private JudgeSettings settings(Path folder) {
      if (Files.isRegularFile(new StudyFolder(folder).plan())) {
        JudgingPlan plan = Study.open(folder).plan().judging();
        return settings(
            plan.judgmentsPerPair(),
            plan.itemsPerJudge(),
            plan.duplicates(),
            plan.catchItems(),
            plan.seed());
      }
      return settings(JUDGMENTS, ITEMS, DUPLICATES, CATCH_ITEMS, 1);
    }

    private JudgeSettings settings(
        int judgments, int items, int duplicates, int catchItems, long seed) {
      return new JudgeSettings(
          or(this.judgments, judgments),
          or(this.items, items),
          or(this.duplicates, duplicates),
          or(this.catchItems, catchItems),
          seed,
          Duration.ofMillis(Math.round(hours * Duration.ofHours(1).toMillis())));
    }

    private static int or(Integer given, int planned) {
      return given == null ? planned : given;
    }

    private boolean contradicts(JudgeSettings begun) {
      return differs(judgments, begun.judgmentsPerPair())
          || differs(items, begun.itemsPerJudge())
          || differs(duplicates, begun.duplicates())
          || differs(catchItems, begun.catchItems());
    }

    private static boolean differs(Integer given, int begun) {
      return given != null && given != begun;
    }
  }

  Path path() {
    return path;
  }

  /** The command as a user would write it. */
  String command(String name) {
    return "tiebreak judge " + name + " " + Shell.word(path);
  }

  private Path database() {
    return path.resolve(JudgeStore.NAME);
  }

  /**
   * Opens the judgments, or begins to keep some.
   *
   * @throws UserError if what was begun contradicts the options
   */
  JudgeStore open(Plan plan) {
    PairsFile pairs = PairsFile.read(path.resolve(PairsFile.NAME));
    JudgeStore store = JudgeStore.open(database(), pairs, plan.settings(path));
    if (plan.contradicts(store.settings())) {
      store.close();
      throw new UserError(
          Words.of(
                  "%s was begun with other numbers of judgments, items, duplicates or catch items; leave the",
                  database())
              + " options out, or move the file away to begin anew");
    }
    return store;
  }

  /**
   * Opens judgments that were begun.
   *
   * @throws UserError if none were
   */
  JudgeStore openBegun() {
    if (!Files.exists(database())) {
      throw new UserError(
          Words.of(
              "nothing is judged in %s yet (no %s); begin with: %s",
              path, JudgeStore.NAME, command("invite") + " --count 10"));
    }
    return open(new Plan());
  }

  /**
   * All votes of a folder: those of people first, then those of {@code votes.jsonl}.
   *
   * @throws UserError if it has neither
   */
  static List<Vote> votes(Path folder) {
    Path database = folder.resolve(JudgeStore.NAME);
    Path log = folder.resolve(VoteLog.NAME);
    List<Vote> votes = new ArrayList<>();
    if (Files.exists(database)) {
      PairsFile pairs = PairsFile.read(folder.resolve(PairsFile.NAME));
      try (JudgeStore store = JudgeStore.open(database, pairs, new Plan().settings(folder))) {
        votes.addAll(store.votes());
      }
    }
    if (Files.exists(log) || votes.isEmpty()) {
      votes.addAll(Votes.read(log));
    }
    return votes;
  }
}
