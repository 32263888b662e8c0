package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.pairs.PairsManifest;
import dev.tiebreak.trainer.ballot.pairs.Salt;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.pairs.FolderPairs;
import dev.tiebreak.trainer.study.pairs.StudyPairs;
import java.nio.file.Path;
import java.util.List;
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
      "  tiebreak study pairs my-judging --from shaped/ baseline/        texts that you have",
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
      names = "--from",
      arity = "2",
      paramLabel = "<folder>",
      description =
          "Pair texts that there are, of files with equal names: the treatment's folder, then the"
              + " control's. Needs no study; a file is called prompt_number.txt.")
  private List<Path> from;

  @Option(
      names = "--overwrite",
      description =
          "Replace pairs that are there and differ; judgments of them are worthless then.")
  private boolean overwrite;

  @Mixin private CacheOption cacheOption;

  @Mixin private ParallelOption parallelOption;

  @Override
  int run() {
    StudyFolder folder = new StudyFolder(parameter.path());
    Optional<Salt> chosen = Optional.ofNullable(salt).map(hex -> Salt.parse(hex, "--salt"));
    PairsManifest manifest =
        from == null
            ? written(chosen)
            : FolderPairs.make(folder, from.getFirst(), from.getLast(), chosen, overwrite);
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
        folder.pairs(),
        folder.key(),
        folder.pairsManifest(),
        manifest.pairsHash(),
        manifest.keyHash());
    return ExitCode.OK;
  }

  private PairsManifest written(Optional<Salt> chosen) {
    Study study = parameter.open();
    TrainConfig config = study.plan().config(study.plan().runs().getFirst());
    StudyPairs.Options options =
        new StudyPairs.Options(
            parallelOption.parallelism(config.training()), cacheOption.folder(), chosen, overwrite);
    return StudyPairs.make(study, options, new TextsProgress(terminal()));
  }
}
