package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import dev.tiebreak.trainer.evidence.statistics.paired.PairedBootstrap;
import dev.tiebreak.trainer.evidence.statistics.paired.PairedTost;
import dev.tiebreak.trainer.lab.config.Arm;
import dev.tiebreak.trainer.lab.config.Arms;
import java.util.ArrayList;
import java.util.List;

/** The tables of the losses: differences are arm less baseline, in nats per token. */
final class LossTables {
  private static final int MOST_SEEDS = 8; // that a screen has room for

  private LossTables() {}

  /** A row for each arm that has a run: loss, difference and what it shows. */
  static Table comparison(LossAnalysis analysis) {
    double level = 100 * (1 - 2 * analysis.results().plan().analysis().alpha());
    Table.Builder table =
        Table.of("losses", "")
            .column("arm", "arm", Format.TEXT)
            .column("seeds", "seeds", Format.COUNT)
            .column("loss", "loss", Format.DECIMAL)
            .column("difference", against(analysis), Format.SIGNED)
            .column("interval", Words.of("%.0f %% interval", level), Format.SIGNED)
            .column("p_no_tie", "p(no tie)", Format.P)
            .column("holm_p", "p(diff)", Format.P)
            .column("verdict", "verdict", Format.TEXT);
    for (Arm arm : analysis.results().plan().arms()) {
      double[] losses =
          analysis.results().runs(arm).stream().mapToDouble(RunResult::loss).toArray();
      if (losses.length > 0) {
        ArmLosses one = analysis.arm(arm.name()).orElse(null);
        PairedTost tost = one == null ? null : one.tost();
        table.row(
            arm.name(),
            losses.length,
            Sample.of(losses),
            tost == null ? null : tost.sample().mean(),
            tost == null ? null : tost.equivalenceInterval(),
            tost == null ? null : tost.p(),
            one == null ? null : one.holmP(),
            one == null ? "" : one.verdict().toString());
      }
    }
    return table.whole();
  }

  private static String against(LossAnalysis analysis) {
    String reference = analysis.reference().name();
    return "- " + (reference.equals(Arms.BASELINE) ? "base" : reference);
  }

  /** Both yardsticks: the plan's margin, and twice the SD of the baseline's seeds. */
  static Table equivalence(LossAnalysis analysis) {
    Table.Builder table =
        Table.of("equivalence", "Two one-sided t-tests")
            .column("arm", "arm", Format.TEXT)
            .column("yardstick", "yardstick", Format.TEXT)
            .column("margin", "margin", Format.DECIMAL)
            .column("t_lower", "t, lower", Format.NUMBER)
            .column("p_lower", "p, lower", Format.P)
            .column("t_upper", "t, upper", Format.NUMBER)
            .column("p_upper", "p, upper", Format.P)
            .column("p", "p", Format.P)
            .column("interval", "interval", Format.SIGNED)
            .column("verdict", "verdict", Format.TEXT);
    for (ArmLosses arm : analysis.arms()) {
      equivalence(table, arm.arm(), "margin", arm.tost());
      arm.bySeeds().ifPresent(tost -> equivalence(table, arm.arm(), "two_sd", tost));
    }
    return table.hidden();
  }

  private static void equivalence(
      Table.Builder table, String arm, String yardstick, PairedTost tost) {
    table.row(
        arm,
        yardstick,
        tost.margin(),
        tost.tLower(),
        tost.pLower(),
        tost.tUpper(),
        tost.pUpper(),
        tost.p(),
        tost.equivalenceInterval(),
        tost.verdict().toString());
  }

  /** Tests of no difference at all. */
  static Table difference(LossAnalysis analysis) {
    Table.Builder table =
        Table.of("difference", "Tests against no difference")
            .column("arm", "arm", Format.TEXT)
            .column("difference", "difference", Format.SIGNED)
            .column("se", "standard error", Format.DECIMAL)
            .column("t", "t", Format.NUMBER)
            .column("p", "p", Format.P)
            .column("interval", "interval", Format.SIGNED)
            .column("sign_flip_p", "p, sign flips", Format.P)
            .column("sign_flip_exact", "exact", Format.TEXT);
    for (ArmLosses arm : analysis.arms()) {
      PairedTost tost = arm.tost();
      table.row(
          arm.arm(),
          tost.sample(),
          tost.sample().se(),
          tost.difference().t(),
          tost.difference().p(),
          tost.interval(),
          arm.flips().p(),
          arm.flips().exact());
    }
    return table.hidden();
  }

  /** A row for each run: its loss and, where there is one, its difference from its twin. */
  static Table seeds(LossAnalysis analysis) {
    Table.Builder table =
        Table.of("seeds", "Each seed; intervals over passages by bootstrap")
            .column("arm", "arm", Format.TEXT)
            .column("seed", "seed", Format.TEXT)
            .column("val_loss", "loss", Format.DECIMAL)
            .column("difference", "difference", Format.SIGNED)
            .column("passages_difference", "over passages", Format.SIGNED)
            .column("passages_se", "standard error", Format.DECIMAL)
            .column("passages_interval", "interval", Format.SIGNED)
            .column("passages", "passages", Format.COUNT)
            .column("tokens", "tokens", Format.COUNT);
    for (RunResult run : analysis.results().runs().values()) {
      long seed = run.id().seed();
      ArmLosses arm = analysis.arm(run.id().arm()).orElse(null);
      PairedBootstrap boot = arm == null ? null : arm.passages().get(seed);
      table.row(
          run.id().arm(),
          seed,
          run.loss(),
          arm == null ? null : arm.difference(seed),
          boot == null ? null : boot.estimate(),
          boot == null ? null : boot.se(),
          boot == null ? null : boot.interval(),
          boot == null ? null : boot.clusters(),
          boot == null ? null : boot.values());
    }
    return table.hidden();
  }

  /** For a screen: a row for each arm, a column for each of the first seeds. */
  static Table bySeed(LossAnalysis analysis) {
    List<Long> all = analysis.results().plan().seeds();
    List<Long> shown = all.subList(0, Math.min(all.size(), MOST_SEEDS));
    Table.Builder table = Table.of("by_seed", "").column("arm", "arm", Format.TEXT);
    shown.forEach(seed -> table.column("seed_" + seed, "seed " + seed, Format.TEXT));
    for (ArmLosses arm : analysis.arms()) {
      List<Object> cells = new ArrayList<>(List.of(arm.arm()));
      for (long seed : shown) {
        PairedBootstrap boot = arm.passages().get(seed);
        boolean clear = boot != null && !boot.interval().contains(0);
        cells.add(Format.SIGNED.words(arm.difference(seed)) + (clear ? "*" : ""));
      }
      table.row(cells.toArray());
    }
    return table.whole();
  }

  /** {@code losses.csv}: arm, seed (empty for all seeds together), quantity, value. */
  static Table numbers(LossAnalysis analysis) {
    Table.Builder table =
        Table.of("numbers", "Every number")
            .column("arm", "arm", Format.TEXT)
            .column("seed", "seed", Format.TEXT)
            .column("quantity", "quantity", Format.TEXT)
            .column("value", "value", Format.NUMBER);
    for (RunResult run : analysis.results().runs().values()) {
      table.row(run.id().arm(), run.id().seed(), "val_loss", run.loss());
    }
    String baseline = analysis.reference().name();
    table.row(baseline, null, "mean_val_loss", analysis.baseline().mean());
    table.row(baseline, null, "sd_val_loss", analysis.baseline().sd());
    analysis.arms().forEach(arm -> numbers(table, arm));
    analysis.interaction().ifPresent(arm -> numbers(table, arm));
    return table.hidden();
  }

  private static void numbers(Table.Builder table, ArmLosses arm) {
    String name = arm.arm();
    for (long seed : arm.seeds()) {
      table.row(name, seed, "difference", arm.difference(seed));
      PairedBootstrap passages = arm.passages().get(seed);
      if (passages != null) {
        table.row(name, seed, "passages_difference", passages.estimate());
        table.row(name, seed, "passages_low", passages.interval().low());
        table.row(name, seed, "passages_high", passages.interval().high());
      }
    }
    PairedTost tost = arm.tost();
    table.row(name, null, "mean_difference", tost.sample().mean());
    table.row(name, null, "sd_difference", tost.sample().sd());
    table.row(name, null, "equivalence_low", tost.equivalenceInterval().low());
    table.row(name, null, "equivalence_high", tost.equivalenceInterval().high());
    table.row(name, null, "equivalence_p", tost.p());
    table.row(name, null, "difference_low", tost.interval().low());
    table.row(name, null, "difference_high", tost.interval().high());
    table.row(name, null, "difference_p", tost.difference().p());
    table.row(name, null, "holm_p", arm.holmP());
    table.row(name, null, "sign_flip_p", arm.flips().p());
  }
}
