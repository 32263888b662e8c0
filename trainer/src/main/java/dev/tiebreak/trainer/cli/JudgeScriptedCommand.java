package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.VoteSink;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.ballot.protocol.JudgingPlan;
import dev.tiebreak.trainer.judge.scripted.ScriptedKind;
import dev.tiebreak.trainer.judge.scripted.ScriptedPanel;
import dev.tiebreak.trainer.judge.scripted.ScriptedSettings;
import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.StudyPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak judge scripted my-study --kind coin --judges 12",
      "  tiebreak judge scripted my-study --kind oracle --preference 0.6 --judges 72 --key key.jsonl"
    })
final class JudgeScriptedCommand implements Callable<Integer> {
  private static final int USUAL_ITEMS = 32;

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
      defaultValue = "0.6",
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

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<JudgedPair> pairs = options.pairs();
    ScriptedSettings settings = settings(pairs);
    List<Vote> votes =
        ScriptedPanel.judge(pairs, settings, Optional.ofNullable(key).map(PairKey::read));
    try (VoteSink sink = options.open()) {
      sink.addAll(votes);
    }
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%,d votes of %,d judges (%s) added to %s%n",
            votes.size(),
            judges,
            kind,
            options.file());
    return ExitCode.OK;
  }

  private ScriptedSettings settings(List<JudgedPair> pairs) {
    Optional<JudgingPlan> plan = plan();
    int prompts = (int) pairs.stream().map(JudgedPair::prompt).distinct().count();
    int usual = Math.min(prompts, plan.map(JudgingPlan::itemsPerJudge).orElse(USUAL_ITEMS));
    int each = items == null ? usual : items;
    return new ScriptedSettings(
        kind,
        judges,
        each,
        Math.min(each, plan.map(JudgingPlan::duplicates).orElse(0)),
        preference,
        ties,
        seed == null ? plan.map(JudgingPlan::seed).orElse(1L) : seed);
  }

  /** The rules of a study; pairs of another program come without. */
  private Optional<JudgingPlan> plan() {
    Path file = options.folder().resolve(StudyFolder.PLAN);
    return Files.exists(file) ? Optional.of(StudyPlan.read(file).judging()) : Optional.empty();
  }
}
