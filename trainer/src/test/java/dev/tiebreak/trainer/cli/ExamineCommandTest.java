package dev.tiebreak.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.base.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExamineCommandTest {
  @TempDir Path folder;

  private Path text;

  @BeforeEach
  void writeText() throws IOException {
    text = folder.resolve("fox.txt");
    Files.writeString(text, "the quick brown fox jumps over the lazy dog; ".repeat(60));
  }

  private String run(String name) {
    return folder.resolve(name).toString();
  }

  private void train(String name, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "train",
                "--preset=tiny",
                "--text=" + text,
                "--run=" + run(name),
                "--cache=" + folder.resolve("cache"),
                "--set=training.steps=4",
                "--set=training.batch=2",
                "--set=logging.every=1",
                "--threads=1",
                "--set=model.sequence_length=16"));
    args.addAll(List.of(more));
    assertThat(Cli.run(args.toArray(String[]::new)).code()).isZero();
  }

  private Cli examine(String... options) {
    List<String> args = new ArrayList<>(List.of("examine", "--threads=1", "--device=cpu"));
    args.add("--cache=" + folder.resolve("cache"));
    args.addAll(Arrays.asList(options));
    return Cli.run(args.toArray(String[]::new));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.sorted().toList();
    }
  }

  @Test
  void theNumbersOfARunFitOneScreen() throws IOException {
    train("a");
    List<Path> before = files();
    Cli cli = examine("--run=" + run("a"));
    assertThat(cli.err()).isEmpty();
    assertThat(cli.code()).isZero();
    JsonNode saved =
        JsonMapper.shared().readTree(Files.readString(folder.resolve("a/examination.json")));
    assertThat(cli.out())
        .containsPattern("Loss, nats per token +" + Words.of("%.4f", saved.get("loss").asDouble()))
        .containsPattern("Entropy of predictions +[0-9.]+\n")
        .containsPattern("Best temperature T\\* +[0-9.]+\n")
        .containsPattern("rarest first\n( +[0-9.]+){10}  a\n")
        .containsPattern("easiest first\n( +[0-9.]+){10}  a\n")
        .doesNotContain("Distance");
    assertThat(cli.out().lines().count()).isLessThan(24);
    assertThat(cli.out().lines()).allMatch(line -> line.length() <= 100);
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void twinsAreComparedAndTheNumbersWrittenWhereAskedFor() throws IOException {
    train("a");
    train("b", "--arm=both", "--set=gain.warmup=0", "--set=gain.s=2");
    Path json = folder.resolve("x.json");
    Cli cli = examine("--run=" + run("b"), "--against=" + run("a"), "--json=" + json);
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out())
        .containsPattern(" +b +a\n")
        .contains("Distance of " + run("b") + " from " + run("a"))
        .containsPattern("predictions, KL +[0-9.e-]+ nats")
        .containsPattern("more than 0.01 % (at step [0-9]|never)");
    assertThat(cli.out().lines()).allMatch(line -> line.length() <= 200);
    JsonNode tree = JsonMapper.shared().readTree(Files.readString(json));
    assertThat(tree.get("step").asLong()).isEqualTo(4);
    assertThat(tree.at("/distance/weights").asDouble()).isPositive();
    assertThat(tree.at("/distance/kl").asDouble()).isPositive();
    assertThat(tree.at("/distance/blocks").size()).isPositive();
    assertThat(tree.at("/distance").has("first_step_apart_0.0001")).isTrue();

    Files.delete(folder.resolve("a/metrics.jsonl"));
    Cli without = examine("--run=" + run("b"), "--against=" + run("a"));
    assertThat(without.code()).isZero();
    assertThat(without.out()).contains("predictions, KL").doesNotContain("training losses");
  }

  @Test
  void aRunIsNoDistanceFromItself() {
    train("a");
    Cli cli = examine("--run=" + run("a"), "--against=" + run("a"));
    assertThat(cli.out())
        .containsPattern("weights, relative to theirs +0\\.000")
        .containsPattern("predictions, KL +0\\.000")
        .contains("more than 0.01 % never, by more than 1 % never");
  }

  private void assertRefused(String reason, String... options) {
    Cli cli = examine(options);
    assertThat(cli.code()).isEqualTo(ExitCode.USER_ERROR);
    assertThat(cli.errLines().getLast()).startsWith("tiebreak: ").contains(reason);
  }

  @Test
  void whatCannotBeExaminedIsSaid() throws IOException {
    assertRefused("no run in", "--run=" + run("none"));
    train("a");
    train("wide", "--set=model.channels=64");
    assertRefused("different shapes", "--run=" + run("a"), "--against=" + run("wide"));
    Files.writeString(text, "a different text altogether, which nobody has learned. ".repeat(60));
    train("other");
    assertRefused("different texts", "--run=" + run("other"), "--against=" + run("a"));
    assertRefused("no longer the one it was trained on", "--run=" + run("a"));
  }
}
