package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Shell;
import dev.tiebreak.trainer.judge.JudgeSettings;
import dev.tiebreak.trainer.study.votes.JudgedFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where people judge, for the commands about them. */
final class JudgeOptions {
  @Parameters(
      index = "0",
      paramLabel = "<folder>",
      description = "The folder of a study, or any folder with a pairs.jsonl.")
  private Path path;

  /** The folder. */
  JudgedFolder folder() {
    return new JudgedFolder(path);
  }

  /** The command as a user would write it. */
  String command(String name) {
    return "tiebreak judge " + name + " " + Shell.word(path);
  }

  /** What a new judge.db is made with; changes what is planned. */
  static final class Settings implements UnaryOperator<JudgeSettings> {
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
    private Double hours;

    @Override
    public JudgeSettings apply(JudgeSettings planned) {
      return new JudgeSettings(
          judgments == null ? planned.judgmentsPerPair() : judgments,
          items == null ? planned.itemsPerJudge() : items,
          duplicates == null ? planned.duplicates() : duplicates,
          catchItems == null ? planned.catchItems() : catchItems,
          planned.seed(),
          hours == null
              ? planned.abandonedAfter()
              : Duration.ofMillis(Math.round(hours * Duration.ofHours(1).toMillis())));
    }
  }
}
