package dev.tiebreak.trainer.study.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.study.Study;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryTest {
  @TempDir Path folder;

  private Fixtures study() {
    Fixtures study = new Fixtures(folder, 2, "baseline", "gain", "both");
    for (int seed = 1; seed <= 2; seed++) {
      study.add("baseline", seed, 4 + seed).examine("baseline", seed, 0.95);
      study.add("gain", seed, 4.002 + seed).examine("gain", seed, 0.70 + 0.02 * seed);
    }
    return study.add("both", 1, 5.1);
  }

  private Map<String, String> written() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        if (name.startsWith("summary") || name.startsWith("figures")) {
          files.put(name, Files.readString(file));
        }
      }
    }
    return files;
  }

  @Test
  void theSameFolderGivesTheSameBytes() throws IOException {
    Fixtures study = study();
    int figures = StudySummary.write(study.results());
    Map<String, String> first = written();
    assertThat(first).hasSize(4 + figures);
    StudySummary.write(study.results());
    assertThat(written()).isEqualTo(first);
    assertThat(first.values())
        .noneMatch(text -> text.contains(folder.toString()) || text.contains("/somewhere"))
        .noneMatch(text -> text.contains("NaN") || text.contains("/lib/"));
  }

  @Test
  void figuresAreThoseThatThereAreNumbersFor() throws IOException {
    StudySummary.write(study().results());
    Map<String, String> files = written();
    assertThat(files.keySet())
        .containsExactly(
            "figures/curves.svg",
            "figures/deciles-difficulty.svg",
            "figures/deciles-frequency.svg",
            "figures/differences.svg",
            "figures/losses.svg",
            "figures/temperature.svg",
            "figures/weight-effective.svg",
            "figures/weight-sd.svg",
            "figures/weights.svg",
            "summary.csv",
            "summary.html",
            "summary.json",
            "summary.md");
    String page = files.get("summary.md");
    files.keySet().stream()
        .filter(name -> name.startsWith("figures"))
        .forEach(name -> assertThat(page).contains("](" + name + ")"));
    assertThat(files.get("figures/weight-sd.svg")).contains(">gain<").doesNotContain(">both<");
    assertThat(files.get("figures/temperature.svg")).doesNotContain(">both<");
  }

  @Test
  void thePageSaysWhatWasRunAndWhatCameOut() throws IOException {
    StudySummary.write(study().results());
    assertThat(written().get("summary.md"))
        .startsWith("# written\n\nDoes it add up?\n\n## What was run\n")
        .contains(
            "| arm | complete | of | tokens | tokens per parameter | what it is | as configured |\n"
                + "| --- | ---: | ---: | ---: | ---: | --- | --- |\n"
                + "| baseline | 2 | 2 | 20,000 | 20.00 | w = 1, f = 1: plain cross-entropy",
            ", v at least 1.0, w within [0.0, 5.0], over its mean; f = 1 |",
            "- plan: Exploratory: runs were begun before the plan was registered",
            "- not complete: both/seed-2\n",
            "- data: text.txt; bytes; 900 tokens to train on, 100 for validation;",
            "- machine: cpu: fast, 1 threads, Java 25, Linux amd64\n",
            "- training: 0.05 hours in all\n",
            "| baseline | 2 | 5.5000 ± 0.7071 | - | - | - | - |  |",
            "| gain | 2 | 5.5020 ± 0.7071 | +0.0020 |",
            "| both | 1 | 5.1000 | +0.1000 | - | - | - | incomplete |",
            "| gain | 0.7300 ± 0.0141 | 2.9000 ± 0.0000 |",
            "| both | - | - |",
            "| gain | 1.0000 ± 0.0000 | 0.2500 ± 0.0000 |",
            "| gain/seed-1 | 51 | - | - |",
            "| both/seed-1 | 51 | 51 | 51 |")
        .doesNotContain("gradient cosine |", "## How the blocks", "## What the texts");
  }

  @Test
  void theTableHasARowForEveryNumber() throws IOException {
    StudySummary.write(study().results());
    String csv = written().get("summary.csv");
    assertThat(csv.lines()).allMatch(line -> line.chars().filter(c -> c == ',').count() == 2);
    assertThat(csv)
        .startsWith("run,quantity,value\nbaseline/seed-1,steps,100\n")
        .contains(
            "gain/seed-2,t_star,0.74\n",
            "both/seed-1,t_star,\n",
            "gain/seed-1,weight_sd,0.25\n",
            "gain/seed-1,loss_by_frequency_10,3.0\n",
            "gain/seed-1,first_step_loss_differs_by_0.0,51\n",
            "gain/seed-1,first_step_loss_differs_by_0.01,\n")
        .doesNotContain("baseline/seed-1,first_step");
  }

  @Test
  void textsAreDescribedButNotShown() {
    Fixtures study = study();
    Fixtures.write(
        folder.resolve("completions.jsonl"),
        """
        {"arm":"gain","seed":1,"temperature":0.8,"prompt":"p","completion":1,"text":"secret","tokens":10,"ended":true,"truncated":false,"seq_rep_4":0.5,"distinct_1":0.4,"distinct_2":0.6,"loop":true,"fingerprint":"1"}
        {"arm":"gain","seed":1,"temperature":0.8,"prompt":"p","completion":2,"text":"secret","tokens":20,"ended":false,"truncated":true,"seq_rep_4":0.0,"distinct_1":0.6,"distinct_2":0.8,"loop":true,"fingerprint":"2"}
        {"arm":"baseline","seed":1,"temperature":0.8,"prompt":"p","completion":3,"text":"secret","tokens":4,"ended":false,"truncated":true,"seq_rep_4":0.0,"distinct_1":1,"distinct_2":1,"loop":false,"fingerprint":"3"}
        """);
    StudySummary.write(study.results());
    assertThat(folder.resolve("summary.md"))
        .content()
        .contains(
            "## What the texts are like",
            "| baseline | 0.800 | 1 | 4.000 | 0.0 % | 100.0 % | 100.0 % | 0.0 % | 0.0 % |\n"
                + "| gain | 0.800 | 2 | 15.00 | 25.0 % | 50.0 % | 70.0 % | 50.0 % | 100.0 % |\n")
        .doesNotContain("secret");
  }

  @Test
  void blocksThatAreScaledHaveFigures() {
    Fixtures study = study();
    Fixtures.write(
        study.run("both", 1).resolve("metrics.jsonl"),
        """
        {"kind":"step","step":1,"loss":5.0,"block_0_d":0.5,"block_0_f":0.5,"block_1_d":1.5,"block_1_f":1.5,"timing":{"seconds":1}}
        {"kind":"step","step":2,"loss":4.0,"block_0_d":0.4,"block_0_f":0.4,"block_1_d":1.6,"block_1_f":1.6,"timing":{"seconds":1}}
        """);
    StudySummary.write(StudyResults.read(Study.open(folder)));
    assertThat(folder.resolve("summary.md")).content().contains("(figures/blocks-both-f.svg)");
    assertThat(folder.resolve("figures/blocks-both-d.svg")).content().contains(">block 1<");
  }
}
