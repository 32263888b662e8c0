package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.VoteSink;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.ballot.protocol.JudgingPlan;
import dev.tiebreak.trainer.judge.scripted.ScriptedKind;
import dev.tiebreak.trainer.judge.scripted.ScriptedPanel;
import dev.tiebreak.trainer.judge.scripted.ScriptedSettings;
import dev.tiebreak.trainer.study.votes.JudgedFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiebreak judge scripted}: judges that are rules. */
@Command(
    name = "scripted",
    description = {
      "Lets rules judge, to test everything that comes after judging and to study its power. Their"
          + " votes say nothing about the texts. Equal pairs, options and seed give equal votes.",
      "coin: chance. position-biased: left, 19 times in 20. repetition-averse: the text with fewer"
          + " repeated groups of four words. length-loving: the longer text. oracle: the treatment's"
          + " text as often as --preference says; needs the key."
    },
    footer = {
      "  tiebreak judge scripted my-study --kind coin --judges 12",
      "  tiebreak judge scripted my-study --kind oracle --preference 0.6 --judges 72 --key key.jsonl"
    })
final class JudgeScriptedCommand extends Action {
  @Mixin private VotesOptions options;

  @Option(
      names = "--kind",
      paramLabel = "<kind>",
      required = true,
      description = "Their rule: ${COMPLETION-CANDIDATES}.")
  private ScriptedKind kind;

  @Option(names = "--judges", paramLabel = "<n>", required = true, description = "How many.")
  private int judges;

  @Option(
      names = "--items",
      paramLabel = "<n>",
      description =
          "Pairs that each judges, one of a prompt (default: the plan's, or 32; at most all"
              + " prompts).")
  private Integer items;

  @Option(
      names = "--key",
      paramLabel = "<file>",
      description = "The key of the pairs, which an oracle knows.")
  private Path key;

  @Option(
      names = "--preference",
      paramLabel = "<share>",
      defaultValue = "" + ScriptedSettings.PREFERENCE,
      description = "How often an oracle takes the treatment's text (default: ${DEFAULT-VALUE}).")
  private double preference;

  @Option(
      names = "--ties",
      paramLabel = "<share>",
      defaultValue = "0",
      description =
          "Share of items called the same, whatever the rule (default: ${DEFAULT-VALUE}).")
  private double ties;

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      description = "Of everything drawn (default: the plan's, or 1).")
  private Long seed;

  @Override
  int run() {
    List<JudgedPair> pairs = options.pairs();
    Optional<JudgingPlan> plan = new JudgedFolder(options.folder()).plan();
    ScriptedSettings planned = ScriptedSettings.planned(kind, judges, pairs, plan);
    int each = items == null ? planned.items() : items;
    ScriptedSettings settings =
        new ScriptedSettings(
            kind,
            judges,
            each,
            Math.min(each, planned.duplicates()),
            preference,
            ties,
            seed == null ? planned.seed() : seed);
    List<Vote> votes =
        ScriptedPanel.judge(pairs, settings, Optional.ofNullable(key).map(PairKey::read));
    try (VoteSink sink = options.open()) {
      sink.addAll(votes);
    }
    print("%,d votes of %,d judges (%s) added to %s%n", votes.size(), judges, kind, options.file());
    return ExitCode.OK;
  }
}
