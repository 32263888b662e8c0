package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.pairs.PairsManifest;
import dev.tiebreak.trainer.ballot.pairs.Salt;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.pairs.StudyPairs;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiebreak study pairs}: the texts that judges compare, blind. */
@Command(
    name = "pairs",
    description = {
      "Lets the trained models continue the prompts and pairs their texts: pairs.jsonl for judges,"
          + " which says nothing about whose text is whose; key.jsonl, which does, for nobody until"
          + " judging ends; pairs-manifest.json with the hashes of both, to be published before.",
      "Twins get the same random numbers. Equal texts and empty ones are ties by rule and are not"
          + " shown. Texts are kept as they are written, so the same command goes on after Ctrl-C."
    },
    footer = {
      "  tiebreak study pairs my-study",
      "  tiebreak study pairs my-study --parallel 4",
      "  tiebreak study pairs my-study --salt <64 hex digits of a key>   the same pairs again"
    })
final class StudyPairsCommand extends Action {
  @Mixin private StudyParameter parameter;

  @Option(
      names = "--salt",
      paramLabel = "<hex>",
      description =
          "64 hexadecimal digits that ids, sides and order are drawn from (default: those in"
              + " key.jsonl; new secret ones where there is none).")
  private String salt;

  @Option(
      names = "--overwrite",
      description =
          "Replace pairs that are there and differ; judgments of them are worthless then.")
  private boolean overwrite;

  @Mixin private CacheOption cacheOption;

  @Mixin private ParallelOption parallelOption;

  @Override
  int run() {
    Study study = parameter.open();
    TrainConfig config = study.plan().config(study.plan().runs().getFirst());
    StudyPairs.Options options =
        new StudyPairs.Options(
            parallelOption.parallelism(config.training()),
            cacheOption.folder(),
            Optional.ofNullable(salt).map(hex -> Salt.parse(hex, "--salt")),
            overwrite);
    PairsManifest manifest = StudyPairs.make(study, options, new TextsProgress(terminal()));
    String row = "%-16s %8s %12s %16s%n";
    print(row, "comparison", "pairs", "tie: empty", "tie: identical");
    manifest
        .comparisons()
        .forEach(
            (name, counts) -> print(row, name, counts.shown(), counts.empty(), counts.identical()));
    print(
        """
        Written: %s for judges; %s stays sealed until judging ends.
        Publish %s now: it commits you to both (SHA-256 %.12s and %.12s).
        """,
        study.folder().pairs(),
        study.folder().key(),
        study.folder().pairsManifest(),
        manifest.pairsHash(),
        manifest.keyHash());
    return ExitCode.OK;
  }
}
