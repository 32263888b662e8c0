package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.examine.Examination;
import dev.tiebreak.trainer.lab.train.CodeVersion;
import dev.tiebreak.trainer.lab.train.RunManifest;
import dev.tiebreak.trainer.lab.train.RunSummary;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.StudyTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Studies whose runs were not trained but written down. */
public final class Fixtures {
  /** The steps of every run. */
  public static final int STEPS = 100;

  private final Path folder;

  /** A study of these arms with the seeds 1 to n, and a margin of 0.01. */
  public Fixtures(Path folder, int seeds, String... arms) {
    this.folder = folder;
    String list =
        LongStream.rangeClosed(1, seeds).mapToObj(Long::toString).collect(Collectors.joining(", "));
    write(
        folder.resolve(StudyFolder.PLAN),
        Words.of(
            """
            name = "written"
            question = "Does it add up?"
            arms = ["%s"]
            seeds = [%s]
            [base]
            extends = "tiny"
            """,
            String.join("\", \"", arms), list));
    write(folder.resolve("prompts.jsonl"), StudyTemplate.DEMO.prompts());
  }

  public static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Where a run lies. */
  public Path run(String arm, long seed) {
    return new StudyFolder(folder).run(new RunId(arm, seed));
  }

  /** Writes a complete run with this final loss; the curve comes down to it from 2 nats above. */
  public Fixtures add(String arm, long seed, double loss) {
    return add(arm, seed, loss, "00ff".repeat(16));
  }

  /** The same with the hash of its tokens. */
  public Fixtures add(String arm, long seed, double loss, String tokensHash) {
    Path run = run(arm, seed);
    RunManifest.Data data =
        new RunManifest.Data(
            List.of("/somewhere/text.txt"), "t", 9, "bytes", "k", 256, tokensHash, 900, 100);
    RunManifest manifest =
        new RunManifest(
            arm,
            seed,
            1000,
            "c",
            "0123456789abcdef".repeat(4),
            "fedcba9876543210".repeat(4),
            data,
            new CodeVersion("1", "f00d"),
            new RunManifest.Machine("cpu: fast, /lib/x.so, 1 threads", 1, "25", "Linux amd64"),
            "2026-01-01T00:00:00Z");
    write(run.resolve("manifest.json"), RunManifest.FORMAT.text(manifest));
    RunSummary summary =
        new RunSummary(
            arm, STEPS, 20_000, 1000, loss, loss, STEPS, "e", new RunSummary.Timing(1e4, 36));
    write(run.resolve("summary.json"), RunSummary.FORMAT.text(summary));
    StringBuilder metrics = new StringBuilder();
    boolean gain = arm.equals("gain");
    for (int step = 0; step <= STEPS; step += 10) {
      double now = loss + 2 * (1 - (double) step / STEPS);
      metrics.append(
          format(
              "{\"kind\":\"evaluation\",\"step\":%d,\"val_loss\":%s,\"timing\":{\"seconds\":1}}\n",
              step, now));
      metrics.append(
          format(
              "{\"kind\":\"step\",\"step\":%d,\"loss\":%s,\"clip\":0.5,\"weight_mean\":1.0,"
                  + "\"weight_sd\":%s,\"weight_effective_share\":0.9,\"weight_negative_share\":0.0,"
                  + "%s"
                  + "\"block_0_d\":null,\"other\":\"text\",\"timing\":{\"seconds\":1}}\n",
              step + 1,
              step < 50 ? 5 : now,
              gain ? 0.25 : 0.0,
              gain ? "\"weight_bin_3\":0.4,\"weight_bin_4\":0.6," : ""));
    }
    write(run.resolve("metrics.jsonl"), metrics.toString());
    return this;
  }

  /** Gives a run an examination with this temperature. */
  public Fixtures examine(String arm, long seed, double temperature) {
    List<Double> deciles = Collections.nCopies(10, 3.0);
    Examination examination =
        new Examination(
            100, 3, 2, 1, 2.5, 9, 3.1, temperature, 2.9, false, 0.01, 0.25, deciles, deciles);
    write(run(arm, seed).resolve("examination.json"), Examination.FORMAT.text(examination));
    return this;
  }

  private static String format(String format, Object... values) {
    return Words.of(format, values);
  }

  /** What lies in the folder. */
  public StudyResults results() {
    return StudyResults.read(Study.open(folder));
  }

  /** Its losses compared. */
  public LossAnalysis analysis() {
    return LossAnalysis.of(results());
  }
}
