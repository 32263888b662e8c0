package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.PairedBootstrap;
import dev.tiebreak.trainer.evidence.statistics.PairedTost;
import dev.tiebreak.trainer.evidence.statistics.PairedTost.Verdict;
import dev.tiebreak.trainer.evidence.statistics.SignFlip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The comparison of losses on one screen, as plain text of at most 100 columns. */
public final class LossReport {
  private static final int WIDTH = 96; // of a line
  private static final int NAMED = 3; // runs that are named where many are missing
  private static final int MOST_SEEDS = 8; // in the table of seeds

  private LossReport() {}

  /** The whole text. */
  public static String text(LossAnalysis analysis) {
    StringBuilder text = new StringBuilder();
    table(text, analysis);
    seeds(text, analysis);
    gaps(text, analysis);
    text.append('\n');
    claims(analysis).forEach(claim -> wrap(text, claim));
    return text.toString();
  }

  private static void table(StringBuilder text, LossAnalysis analysis) {
    var plan = analysis.results().plan();
    double level = 100 * (1 - 2 * plan.analysis().alpha());
    int width = nameWidth(analysis);
    add(
        text,
        "Validation loss, plain cross-entropy in nats per token; paired by seed; margin %s\n\n",
        Double.toString(plan.analysis().lossMargin()));
    add(
        text,
        "%-" + width + "s  seeds    loss   - %s  %18s  p(tie)  p(diff)  verdict\n",
        "arm",
        "base",
        Words.of("%.0f %% interval", level));
    add(
        text,
        "%-" + width + "s  %5d  %6.4f   %s\n",
        analysis.results().baseline(),
        analysis.baseline().n(),
        analysis.baseline().mean(),
        analysis.baseline().n() == 1
            ? ""
            : "(SD of its seeds " + Numbers.fixed(analysis.baseline().sd(), 4) + ")");
    for (ArmLosses arm : analysis.arms()) {
      PairedTost tost = arm.tost();
      add(
          text,
          "%-" + width + "s  %5d  %6.4f  %7s  %18s  %6s  %7s  %s\n",
          arm.arm(),
          tost.sample().n(),
          meanLoss(analysis, arm),
          Numbers.signed(tost.sample().mean(), 4),
          interval(tost.equivalenceInterval()),
          Numbers.p(tost.p()),
          Numbers.p(tost.difference().p()),
          tost.verdict());
    }
  }

  /** Over the seeds that are compared. */
  static double meanLoss(LossAnalysis analysis, ArmLosses arm) {
    return arm.seeds().stream()
        .mapToDouble(seed -> analysis.results().run(arm.arm(), seed).orElseThrow().loss())
        .average()
        .orElseThrow();
  }

  private static int nameWidth(LossAnalysis analysis) {
    return Math.max(
        analysis.results().baseline().name().length(),
        analysis.arms().stream().mapToInt(arm -> arm.arm().length()).max().orElse(0));
  }

  static String interval(Interval interval) {
    return Double.isNaN(interval.low())
        ? Numbers.NONE
        : Numbers.signed(interval.low(), 4) + " .. " + Numbers.signed(interval.high(), 4);
  }

  private static void seeds(StringBuilder text, LossAnalysis analysis) {
    List<Long> all = analysis.results().plan().seeds();
    List<Long> shown = all.subList(0, Math.min(all.size(), MOST_SEEDS));
    boolean passages = analysis.arms().stream().anyMatch(arm -> !arm.passages().isEmpty());
    add(
        text,
        "\nDifference in each seed%s:\n",
        passages ? "; * where its 95 % interval over passages (bootstrap) leaves out 0" : "");
    int width = nameWidth(analysis);
    text.append(" ".repeat(width));
    shown.forEach(seed -> add(text, "  %8s", "seed " + seed));
    text.append(all.size() > shown.size() ? "  (all in losses.csv)\n" : "\n");
    for (ArmLosses arm : analysis.arms()) {
      add(text, "%-" + width + "s", arm.arm());
      for (long seed : shown) {
        int i = arm.seeds().indexOf(seed);
        PairedBootstrap bootstrap = arm.passages().get(seed);
        boolean clear = bootstrap != null && !bootstrap.interval().contains(0);
        String value = i < 0 ? Numbers.NONE : Numbers.signed(arm.differences().get(i), 4);
        add(text, "  %7s%s", value, clear ? "*" : " ");
      }
      text.setLength(text.toString().stripTrailing().length());
      text.append('\n');
    }
  }

  private static void gaps(StringBuilder text, LossAnalysis analysis) {
    List<RunId> missing = analysis.results().missing();
    if (!missing.isEmpty()) {
      text.append('\n');
      wrap(text, Words.of("Not complete, so left out: %s.", named(missing)));
    }
    List<RunId> without = analysis.withoutPassages();
    if (!without.isEmpty()) {
      text.append('\n');
      wrap(
          text,
          Words.of(
              "Without the losses of their tokens, so not compared by passages: %s.",
              named(without)));
    }
  }

  private static String named(List<RunId> runs) {
    String names =
        runs.stream().limit(NAMED).map(RunId::toString).collect(Collectors.joining(", "));
    return runs.size() > NAMED ? names + " and " + (runs.size() - NAMED) + " more" : names;
  }

  /** What the numbers allow to say, a sentence a line. */
  static List<String> claims(LossAnalysis analysis) {
    String margin = Double.toString(analysis.results().plan().analysis().lossMargin());
    List<String> claims = new ArrayList<>();
    for (Verdict verdict : Verdict.values()) {
      String arms =
          analysis.arms().stream()
              .filter(arm -> arm.tost().verdict() == verdict)
              .map(ArmLosses::arm)
              .collect(Collectors.joining(", "));
      if (!arms.isEmpty()) {
        claims.add(arms + ": " + meaning(verdict, margin));
      }
    }
    int most = analysis.arms().stream().mapToInt(arm -> arm.seeds().size()).max().orElse(0);
    double alpha = analysis.results().plan().analysis().alpha();
    if (most > 1 && SignFlip.smallestP(most) >= alpha) {
      claims.add(
          Words.of(
              "With %d seeds, a test without assumptions (sign flips) cannot reach a p below %.3g.",
              most, SignFlip.smallestP(most)));
    }
    yardstick(analysis).ifPresent(claims::add);
    return claims;
  }

  private static String meaning(Verdict verdict, String margin) {
    return switch (verdict) {
      case EQUIVALENT -> Words.of("the losses tie, within %s nats.", margin);
      case DIFFERENT ->
          Words.of("the losses differ, and a tie within %s nats is not shown.", margin);
      case INCONCLUSIVE ->
          Words.of(
              "neither a tie within %s nats nor a difference is shown; more seeds are needed.",
              margin);
      case CANNOT_BE_SHOWN ->
          "one seed cannot show a tie, nor a difference: another seed moves the loss, too.";
    };
  }

  /** What the other yardstick says, which comes from the same data and so is no test of a plan. */
  private static Optional<String> yardstick(LossAnalysis analysis) {
    if (!(analysis.seedYardstick() > 0)) {
      return Optional.empty();
    }
    String ties =
        analysis.arms().stream()
            .filter(arm -> arm.bySeeds().orElseThrow().verdict() == Verdict.EQUIVALENT)
            .map(ArmLosses::arm)
            .collect(Collectors.joining(", "));
    return Optional.of(
        Words.of(
            "Other yardstick, twice the SD of the baseline's seeds (%s nats): %s.",
            Numbers.fixed(analysis.seedYardstick(), 4),
            ties.isEmpty() ? "no arm ties within it" : "ties within it: " + ties));
  }

  /** A sentence on lines that fit, all but the first indented. */
  private static void wrap(StringBuilder text, String sentence) {
    int start = text.length();
    for (String word : sentence.split(" ")) {
      if (text.length() > start) {
        boolean full = text.length() - start + 1 + word.length() > WIDTH;
        text.append(full ? "\n  " : " ");
        start = full ? text.length() - 2 : start;
      }
      text.append(word);
    }
    text.append('\n');
  }

  private static void add(StringBuilder text, String format, Object... values) {
    text.append(Words.of(format, values));
  }
}
