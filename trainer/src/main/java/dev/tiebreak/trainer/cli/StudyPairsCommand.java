package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.pairs.PairsManifest;
import dev.tiebreak.trainer.ballot.pairs.Salt;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.pairs.Computing;
import dev.tiebreak.trainer.study.pairs.PairsListener;
import dev.tiebreak.trainer.study.pairs.StudyPairs;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak study pairs my-study",
      "  tiebreak study pairs my-study --parallel 4",
      "  tiebreak study pairs my-study --salt <64 hex digits of a key>   the same pairs again"
    })
final class StudyPairsCommand implements Callable<Integer> {
  private static final long LINE_NANOS = 10_000_000_000L;

  @Mixin private StudyParameter parameter;

  @Option(
      names = "--parallel",
      paramLabel = "<n>",
      description = "Models at once (default: processors / training.threads; one on a GPU).")
  private Integer parallel;

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

  @Mixin private DeviceOptions deviceOptions;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Terminal terminal = Terminal.of(spec);
    Study study = parameter.open();
    StudyPairs.Options options =
        new StudyPairs.Options(
            computing(study.plan().config(study.plan().runs().getFirst())),
            cacheOption.folder(),
            Optional.ofNullable(salt).map(hex -> Salt.parse(hex, "--salt")),
            overwrite);
    PairsManifest manifest = StudyPairs.make(study, options, new Progress(terminal));
    report(terminal, study, manifest);
    return ExitCode.OK;
  }

  private Computing computing(TrainConfig config) {
    Device device = deviceOptions.device();
    device.require(config.training().precision());
    int threads = config.training().threadCount();
    int usual =
        device.isGpu() ? 1 : Math.max(1, Runtime.getRuntime().availableProcessors() / threads);
    if (parallel != null && parallel < 1) {
      throw new UserError("--parallel is " + parallel + "; it must be 1 or more");
    }
    if (device.isGpu() && parallel != null && parallel > 1) {
      throw new UserError(
          Words.of(
              "--parallel is %d, but one GPU runs one model at a time; use --parallel 1",
              parallel));
    }
    return new Computing(device, threads, parallel == null ? usual : parallel);
  }

  private void report(Terminal terminal, Study study, PairsManifest manifest) {
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%-16s %8s %12s %16s%n",
            "comparison",
            "pairs",
            "tie: empty",
            "tie: identical");
    manifest
        .comparisons()
        .forEach((name, counts) ->
            terminal
                .out()
                .printf(
                    Locale.ROOT,
                    "%-16s %8d %12d %16d%n",
                    name,
                    counts.shown(),
                    counts.empty(),
                    counts.identical()));
    terminal
        .out()
        .printf(
            Locale.ROOT,
            """
            Written: %s for judges; %s stays sealed until judging ends.
            Publish %s now: it commits you to both (SHA-256 %.12s and %.12s).
            """,
            study.folder().pairs(),
            study.folder().key(),
            study.folder().pairsManifest(),
            manifest.pairsHash(),
            manifest.keyHash());
    terminal.out().flush();
  }

  /** Says now and then how many texts there are. */
  private static final class Progress implements PairsListener {
    private final Terminal terminal;
    private long saidNanos = System.nanoTime();

    Progress(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public synchronized void status(String text) {
      terminal.say(text + " ...");
    }

    @Override
    public synchronized void written(int done, int total) {
      long now = System.nanoTime();
      if (done == total || now - saidNanos >= LINE_NANOS) {
        terminal.say(Words.of("%,d of %,d texts", done, total));
        saidNanos = now;
      }
    }
  }
}
