package dev.tiebreak.trainer.study.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.generate.Sampling;
import dev.tiebreak.trainer.lab.train.TinyRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PairedSamplesTest {
  private static final Sampling SAMPLING = new Sampling(0.8, 0, 0.95, 30, 1);

  @TempDir Path folder;

  private void train() {
    try (Dataset data = TinyRuns.data(folder)) {
      for (String arm : List.of("baseline", "both")) {
        TinyRuns.train(TinyRuns.config().withArm(Arms.get(arm)), data, folder.resolve(arm));
      }
    }
  }

  private static List<PairedSamples> write(Path folder, List<String> prompts) {
    return PairedSamples.write(
        folder.resolve("baseline"), folder.resolve("both"), prompts, SAMPLING);
  }

  @Test
  void bothTwinsContinueEveryPromptAlwaysInTheSameWay() {
    train();
    List<PairedSamples> pairs = write(folder, List.of("the", "a"));
    assertThat(pairs).extracting(PairedSamples::prompt).containsExactly("the", "a");
    assertThat(pairs).allSatisfy(pair -> assertThat(pair.baseline()).isNotEqualTo(pair.both()));
    assertThat(write(folder, List.of("the", "a"))).isEqualTo(pairs);
    assertThat(write(folder, List.of("the")).getFirst()).isEqualTo(pairs.getFirst());
  }

  @Test
  void equalModelsFacedWithEqualLuckWriteTheSame() throws IOException {
    train();
    copy(folder.resolve("baseline"), folder.resolve("copies/baseline"));
    copy(folder.resolve("baseline"), folder.resolve("copies/both"));
    List<PairedSamples> pairs = write(folder.resolve("copies"), List.of("the", "the"));
    assertThat(pairs).allSatisfy(pair -> assertThat(pair.both()).isEqualTo(pair.baseline()));
    assertThat(pairs.getFirst()).as("each prompt has its own luck").isNotEqualTo(pairs.getLast());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  @Test
  void theFileHasOneObjectPerPrompt() throws IOException {
    Path file = folder.resolve(PairedSamples.FILE);
    PairedSamples.save(
        List.of(
            new PairedSamples("a \"quoted\"\nprompt", "one", "two"),
            new PairedSamples("ü", "\uFFFD\t\u001B", "")),
        file);
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    assertThat(lines.getLast()).startsWith("{\"prompt\":\"ü\",\"baseline\":\"");
    JsonNode first = JsonMapper.shared().readTree(lines.getFirst());
    assertThat(first.get("prompt").asString()).isEqualTo("a \"quoted\"\nprompt");
    assertThat(first.get("both").asString()).isEqualTo("two");
    JsonNode second = JsonMapper.shared().readTree(lines.getLast());
    assertThat(second.get("baseline").asString()).isEqualTo("\uFFFD\t\u001B");
    assertThat(second.get("both").asString()).isEmpty();
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamed() {
    Path file = folder.resolve("missing").resolve(PairedSamples.FILE);
    assertThatThrownBy(() -> PairedSamples.save(List.of(), file))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("cannot write the samples " + file);
  }

  @Test
  void thereAreFourPromptsForTheUsualText() {
    assertThat(PairedSamples.PROMPTS).hasSize(4).doesNotHaveDuplicates();
  }
}
