package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Block;
import dev.tiebreak.trainer.evidence.document.Csv;
import dev.tiebreak.trainer.evidence.document.Document;
import dev.tiebreak.trainer.evidence.document.DocumentFiles;
import dev.tiebreak.trainer.evidence.document.Facts;
import dev.tiebreak.trainer.evidence.document.Figure;
import dev.tiebreak.trainer.evidence.document.Json;
import dev.tiebreak.trainer.evidence.document.Plain;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.study.StudyFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The comparison of losses: on one screen, and as the files that {@code study losses} writes. */
public final class LossReport {
  private static final int NAMED = 3; // runs that are named where many are missing

  private LossReport() {}

  /**
   * Writes {@code losses.json} (every number), {@code losses.csv} (a row for each) and {@code
   * losses.svg}, with the name of the arm that others are compared with in theirs if it is not the
   * baseline. Differences are arm less that one, losses in nats per token.
   *
   * @return the files
   * @throws dev.tiebreak.trainer.base.UserError if one cannot be written
   */
  public static List<Path> write(LossAnalysis analysis) {
    StudyFolder folder = analysis.results().study().folder();
    String reference = analysis.reference().name();
    String name = reference.equals(Arms.BASELINE) ? "" : "-against-" + reference;
    List<Path> files =
        Stream.of(folder.losses(), folder.lossesTable(), folder.lossesFigure())
            .map(file ->
                file.resolveSibling(file.getFileName().toString().replaceFirst("\\.", name + ".")))
            .toList();
    DocumentFiles.write(files.get(0), Json.of(document(analysis)));
    DocumentFiles.write(files.get(1), Csv.of(LossTables.numbers(analysis)));
    DocumentFiles.write(files.get(2), LossFigures.forest(analysis).svg());
    return files;
  }

  /** Every number. */
  static Document document(LossAnalysis analysis) {
    StudyResults results = analysis.results();
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("unit", "nats per token, plain cross-entropy");
    settings.put("margin", results.plan().analysis().lossMargin());
    settings.put("alpha", results.plan().analysis().alpha());
    settings.put("bootstrap", results.plan().analysis().bootstrap());
    settings.put("bootstrap_seed", results.plan().analysis().seed());
    settings.put("baseline", analysis.reference().name());
    settings.put("two_sd_of_baseline", analysis.seedYardstick());
    settings.put("missing", names(results.missing()));
    settings.put("without_passages", names(analysis.withoutPassages()));
    Figure forest = LossFigures.forest(analysis);
    return new Document(
        results.plan().name(),
        results.plan().question(),
        List.of(
            Section.of("losses", "Validation loss")
                .add(
                    new Facts("settings", settings),
                    LossTables.comparison(analysis),
                    LossTables.equivalence(analysis),
                    LossTables.difference(analysis),
                    LossTables.seeds(analysis))
                .items(LossClaims.of(analysis))
                .add(forest)
                .build()));
  }

  private static List<String> names(List<RunId> runs) {
    return runs.stream().map(RunId::toString).toList();
  }

  /** On one screen, as plain text of at most 100 columns. */
  public static String text(LossAnalysis analysis) {
    boolean passages = analysis.arms().stream().anyMatch(arm -> !arm.passages().isEmpty());
    Table bySeed = LossTables.bySeed(analysis);
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Block.Text(
            Words.of(
                "Validation loss, plain cross-entropy in nats per token; paired by seed; margin %s",
                analysis.results().plan().analysis().lossMargin())));
    blocks.add(LossTables.comparison(analysis));
    blocks.add(
        new Block.Text(
            Words.of(
                "Difference in each seed%s%s:",
                bySeed.columns().size() <= analysis.results().plan().seeds().size()
                    ? " (all in losses.csv)"
                    : "",
                passages
                    ? "; * where its 95 % interval over passages (bootstrap) leaves out 0"
                    : "")));
    blocks.add(bySeed);
    gap(blocks, "Not complete, so left out: %s.", analysis.results().missing());
    gap(
        blocks,
        "Without the losses of their tokens, so not compared by passages: %s.",
        analysis.withoutPassages());
    blocks.add(new Block.Items(LossClaims.of(analysis)));
    return Plain.of(blocks);
  }

  private static void gap(List<Block> blocks, String words, List<RunId> runs) {
    if (!runs.isEmpty()) {
      String names =
          runs.stream().limit(NAMED).map(RunId::toString).collect(Collectors.joining(", "));
      String more = runs.size() > NAMED ? " and " + (runs.size() - NAMED) + " more" : "";
      blocks.add(new Block.Text(Words.of(words, names + more)));
    }
  }
}
