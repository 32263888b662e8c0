package dev.tiebreak.trainer.study.demo;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.trainer.base.JsonLines;
import dev.tiebreak.trainer.base.TextFiles;
import dev.tiebreak.trainer.lab.generate.Generator;
import dev.tiebreak.trainer.lab.generate.Sampling;
import dev.tiebreak.trainer.lab.train.LoadedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What both twins write for the same prompts with the same random numbers. */
public record PairedSamples(String prompt, String baseline, String both) {
  /** Name of the file with the samples, in the demo's folder. */
  public static final String FILE = "samples.jsonl";

  private static final JsonLines<PairedSamples> FORMAT =
      JsonLines.of(PairedSamples.class, "the samples", "make them again");

  /** Prompts that fit the JDK's own documentation, the demo's usual text. */
  public static final List<String> PROMPTS =
      List.of(
          "Returns the number of",
          "This method should be used",
          "If the specified object is",
          "A thread that");

  /** Writes one completion per prompt and twin. */
  public static List<PairedSamples> write(
      Path baselineRun, Path bothRun, List<String> prompts, Sampling sampling) {
    List<String> baseline = complete(baselineRun, prompts, sampling);
    List<String> both = complete(bothRun, prompts, sampling);
    List<PairedSamples> pairs = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      pairs.add(new PairedSamples(prompts.get(i), baseline.get(i), both.get(i)));
    }
    return pairs;
  }

  private static List<String> complete(Path run, List<String> prompts, Sampling sampling) {
    try (CpuBackend cpu = CpuBackend.create();
        LoadedModel loaded = LoadedModel.open(run, cpu);
        Generator generator = new Generator(loaded.model(), loaded.tokenizer())) {
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        int[] tokens = generator.complete(prompts.get(i), i, 0, sampling, _ -> {});
        texts.add(loaded.tokenizer().decode(tokens));
      }
      return texts;
    }
  }

  /** Saves pairs as JSONL, one object with prompt, baseline and both per line. */
  public static void save(List<PairedSamples> pairs, Path file) {
    TextFiles.write(file, FORMAT.text(pairs), "the samples");
  }
}
