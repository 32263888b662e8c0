package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.PairedBootstrap;
import dev.tiebreak.trainer.evidence.statistics.PairedTost;
import dev.tiebreak.trainer.study.StudyFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code losses.json}, {@code losses.csv} and {@code losses.svg} of a study. */
public final class LossFiles {
  private LossFiles() {}

  /**
   * Writes all three.
   *
   * @throws UserError if one cannot be written
   */
  public static void write(LossAnalysis analysis) {
    StudyFolder folder = analysis.results().study().folder();
    write(folder.losses(), json(analysis));
    write(folder.lossesTable(), csv(analysis));
    write(folder.lossesFigure(), LossFigure.svg(analysis));
  }

  static void write(Path file, String text) {
    try {
      AtomicFiles.writeString(file, text);
    } catch (IOException e) {
      throw UserError.io("write", file, e);
    }
  }

  /** Every number; differences are arm less baseline, losses in nats per token. */
  static String json(LossAnalysis analysis) {
    StudyResults results = analysis.results();
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("study", results.plan().name());
    json.put("unit", "nats per token, plain cross-entropy");
    json.put("margin", results.plan().analysis().lossMargin());
    json.put("alpha", results.plan().analysis().alpha());
    json.put("bootstrap", results.plan().analysis().bootstrap());
    json.put("bootstrap_seed", results.plan().analysis().seed());
    ObjectNode baseline = json.putObject("baseline");
    baseline.put("arm", results.baseline().name());
    baseline.put("seeds", analysis.baseline().n());
    baseline.put("mean", analysis.baseline().mean());
    Numbers.put(baseline, "sd", analysis.baseline().sd());
    Numbers.put(baseline, "two_sd", analysis.seedYardstick());
    ArrayNode losses = json.putArray("losses");
    for (RunResult run : results.runs().values()) {
      ObjectNode one = losses.addObject();
      one.put("arm", run.id().arm());
      one.put("seed", run.id().seed());
      Numbers.put(one, "val_loss", run.loss());
    }
    ArrayNode arms = json.putArray("arms");
    analysis.arms().forEach(arm -> put(arms.addObject(), arm));
    put(json.putArray("missing"), results.missing());
    put(json.putArray("without_passages"), analysis.withoutPassages());
    return json.toPrettyString() + "\n";
  }

  private static void put(ArrayNode array, List<?> runs) {
    runs.forEach(run -> array.add(run.toString()));
  }

  private static void put(ObjectNode json, ArmLosses arm) {
    json.put("arm", arm.arm());
    ArrayNode seeds = json.putArray("seeds");
    for (int i = 0; i < arm.seeds().size(); i++) {
      long seed = arm.seeds().get(i);
      ObjectNode one = seeds.addObject();
      one.put("seed", seed);
      one.put("difference", arm.differences().get(i));
      PairedBootstrap passages = arm.passages().get(seed);
      if (passages != null) {
        ObjectNode bootstrap = one.putObject("passages");
        bootstrap.put("difference", passages.estimate());
        bootstrap.put("se", passages.se());
        put(bootstrap, "interval", passages.interval());
        bootstrap.put("passages", passages.clusters());
        bootstrap.put("tokens", passages.values());
      }
    }
    PairedTost tost = arm.tost();
    json.put("n", tost.sample().n());
    json.put("mean", tost.sample().mean());
    Numbers.put(json, "sd", tost.sample().sd());
    Numbers.put(json, "se", tost.sample().se());
    put(json.putObject("equivalence"), tost);
    if (arm.bySeeds().isPresent()) {
      put(json.putObject("equivalence_within_two_sd"), arm.bySeeds().get());
    } else {
      json.putNull("equivalence_within_two_sd");
    }
    ObjectNode difference = json.putObject("difference");
    Numbers.put(difference, "t", tost.difference().t());
    Numbers.put(difference, "p", tost.difference().p());
    difference.put("sign_flip_p", arm.flips().p());
    difference.put("sign_flip_exact", arm.flips().exact());
    put(difference, "interval", tost.interval());
    json.put("verdict", tost.verdict().toString());
  }

  private static void put(ObjectNode json, PairedTost tost) {
    json.put("margin", tost.margin());
    Numbers.put(json, "t_lower", tost.tLower());
    Numbers.put(json, "p_lower", tost.pLower());
    Numbers.put(json, "t_upper", tost.tUpper());
    Numbers.put(json, "p_upper", tost.pUpper());
    Numbers.put(json, "p", tost.p());
    put(json, "interval", tost.equivalenceInterval());
    json.put("verdict", tost.verdict().toString());
  }

  private static void put(ObjectNode json, String name, Interval interval) {
    ObjectNode ends = json.putObject(name);
    ends.put("level", interval.level());
    Numbers.put(ends, "low", interval.low());
    Numbers.put(ends, "high", interval.high());
  }

  /** One row per number: arm, seed (empty for all seeds together), quantity, value. */
  static String csv(LossAnalysis analysis) {
    StringBuilder csv = new StringBuilder("arm,seed,quantity,value\n");
    for (RunResult run : analysis.results().runs().values()) {
      row(csv, run.id().arm(), Long.toString(run.id().seed()), "val_loss", run.loss());
    }
    String baseline = analysis.results().baseline().name();
    row(csv, baseline, "", "mean_val_loss", analysis.baseline().mean());
    row(csv, baseline, "", "sd_val_loss", analysis.baseline().sd());
    for (ArmLosses arm : analysis.arms()) {
      for (int i = 0; i < arm.seeds().size(); i++) {
        String seed = arm.seeds().get(i).toString();
        row(csv, arm.arm(), seed, "difference", arm.differences().get(i));
        PairedBootstrap passages = arm.passages().get(arm.seeds().get(i));
        if (passages != null) {
          row(csv, arm.arm(), seed, "passages_difference", passages.estimate());
          row(csv, arm.arm(), seed, "passages_low", passages.interval().low());
          row(csv, arm.arm(), seed, "passages_high", passages.interval().high());
        }
      }
      PairedTost tost = arm.tost();
      row(csv, arm.arm(), "", "mean_difference", tost.sample().mean());
      row(csv, arm.arm(), "", "sd_difference", tost.sample().sd());
      row(csv, arm.arm(), "", "equivalence_low", tost.equivalenceInterval().low());
      row(csv, arm.arm(), "", "equivalence_high", tost.equivalenceInterval().high());
      row(csv, arm.arm(), "", "equivalence_p", tost.p());
      row(csv, arm.arm(), "", "difference_low", tost.interval().low());
      row(csv, arm.arm(), "", "difference_high", tost.interval().high());
      row(csv, arm.arm(), "", "difference_p", tost.difference().p());
      row(csv, arm.arm(), "", "sign_flip_p", arm.flips().p());
    }
    return csv.toString();
  }

  private static void row(
      StringBuilder csv, String arm, String seed, String quantity, double value) {
    csv.append(arm).append(',').append(seed).append(',').append(quantity).append(',');
    csv.append(Numbers.csv(value)).append('\n');
  }
}
