package dev.tiebreak.trainer.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.Votes;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.ballot.pairs.PairsManifest;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.judge.llm.ReplyLog;
import dev.tiebreak.trainer.judge.llm.Verdicts;
import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import dev.tiebreak.trainer.lab.data.DataManifest;
import dev.tiebreak.trainer.lab.examine.Examination;
import dev.tiebreak.trainer.lab.tokenizer.Tokenizer;
import dev.tiebreak.trainer.lab.train.AbortRecord;
import dev.tiebreak.trainer.lab.train.MetricsLine;
import dev.tiebreak.trainer.lab.train.RunManifest;
import dev.tiebreak.trainer.lab.train.RunSummary;
import dev.tiebreak.trainer.study.pairs.Completion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every file that this program writes and reads again, damaged in every way: each damage is an
 * error that names the file and the field, and says what to do.
 */
class ArtifactsTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir Path folder;

  /**
   * A file.
   *
   * @param text as this version writes it
   * @param open whether it may hold fields that this program does not know
   * @param free fields that may be missing, or be of any type
   * @param read its reader
   */
  private record Artefact(
      String name, String text, boolean open, Set<String> free, Function<Path, Object> read) {
    boolean isLines() {
      return name.endsWith(".jsonl");
    }

    /** The text with its last object changed. */
    String with(BiConsumer<ObjectNode, String> change, String field) {
      int last = isLines() ? text.stripTrailing().lastIndexOf('\n') + 1 : 0;
      ObjectNode json = (ObjectNode) JSON.readTree(text.substring(last));
      change.accept(json, field);
      return text.substring(0, last) + json + "\n";
    }

    List<String> fields() {
      List<String> fields = new ArrayList<>();
      with((json, _) -> fields.addAll(json.propertyNames()), "");
      fields.removeAll(free);
      return fields;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Artefact closed(String name, Function<Path, Object> read, String text) {
    return new Artefact(name, text, false, Set.of(), read);
  }

  private static Stream<Artefact> artefacts() {
    return Stream.of(
        closed(
            "manifest.json",
            RunManifest::load,
            """
            {"format":"tiebreak-run","version":1,"arm":"both","seed":1,"parameters":9,
             "config_sha256":"c","initial_weights_sha256":"i","data_order_sha256":"o",
             "data":{"sources":["t.txt"],"text_sha256":"t","text_bytes":9,"tokenizer":"bytes",
              "tokenizer_sha256":"k","vocabulary":256,"tokens_sha256":"n","train_tokens":8,
              "validation_tokens":1},
             "code":{"version":"1","classes_sha256":"f"},
             "machine":{"backend":"cpu","threads":1,"java":"25","system":"Linux"},
             "started":"2026-01-01T00:00:00Z"}
            """),
        closed(
            "summary.json",
            RunSummary::load,
            """
            {"arm":"both","steps":3,"tokens":30,"parameters":9,"val_loss":2.5,"best_val_loss":2.25,
             "best_step":2,"weights_sha256":"w","timing":{"tokens_per_second":1.5,"seconds":2.0}}
            """),
        closed(
            "aborted.json",
            AbortRecord.FORMAT::read,
            "{\"step\":3,\"reason\":\"the loss is NaN\",\"numbers\":{\"loss\":null,\"lr\":0.1}}\n"),
        closed(
            "examination.json",
            Examination::load,
            """
            {"tokens":9,"loss":2.5,"loss_variance":1.0,"loss_skew":0.5,"loss_p50":2.0,"loss_p99":9.0,
             "entropy":2.0,"t_star":1.25,"loss_at_t_star":2.25,"t_star_at_edge":false,"ece":0.125,
             "accuracy":0.5,"loss_by_frequency":[1.0,null],"loss_by_difficulty":[1.0,2.0]}
            """),
        closed(
            "state.json",
            file -> new Checkpoint(file.getParent(), 7).state(),
            """
            {"format":"tiebreak-checkpoint","version":1,"step":7,"optimizer_steps":7,
             "gain":[0.5,-1.0E-300],"config_sha256":"c"}
            """),
        closed(
            "data.json",
            DataManifest.FORMAT::read,
            """
            {"format":"tiebreak-data","version":2,"documents":1,"textBytes":9,
             "textSha256":"t","tokenizer":"bytes","tokenizerSha256":"k","vocabulary":256,
             "bytesPerToken":2,"tokens":9,"trainTokens":8,"validationTokens":1,"tokensSha256":"n"}
            """),
        closed(
            "tokenizer.json",
            file -> Tokenizer.load(file).toJson(),
            "{\"format\":\"tiebreak-tokenizer\",\"version\":1,\"tokenizer\":\"bpe:1\","
                + "\"vocabulary\":257,\"merges\":[[97,98]]}\n"),
        closed(
            "registration.json",
            file -> Registration.load(new StudyFolder(file.getParent())).orElseThrow(),
            """
            {"format":"tiebreak-registration","version":1,"entries":[{"time":"2026","reason":"",
             "plan_sha256":"p","prompts_sha256":"q",
             "data":{"sources":["t.txt"],"text_sha256":"t","text_bytes":9,"tokenizer":"bytes",
              "tokenizer_sha256":"k","vocabulary":256,"tokens_sha256":"n","train_tokens":8,
              "validation_tokens":1},
             "code":{"version":"1","classes_sha256":"f"},
             "runs":[{"arm":"both","seed":1,"config_sha256":"c"}],
             "begun_before":[{"arm":"both","seed":1}]}]}
            """),
        closed(
            "pairs-manifest.json",
            PairsManifest.FORMAT::read,
            """
            {"plan_sha256":"p","prompts_sha256":"q","pairs_sha256":"r","key_sha256":"k",
             "comparisons":{"h1":{"shown":2,"tie_empty":0,"tie_identical":1}},
             "weights_sha256":{"both/seed-1":"w"}}
            """),
        closed(
            "key.jsonl",
            PairKey::read,
            "{\"salt\":\""
                + "5a".repeat(32)
                + "\",\"plan_sha256\":\"p\",\"prompts_sha256\":\"q\",\"pairs_sha256\":\"r\"}\n"
                + keyLine("\"ruled\":\"empty\",", "")
                + keyLine("", "\"id\":\"i\",\"side\":\"left\",")),
        closed(
            "prompts.jsonl",
            Prompts::read,
            "{\"id\":\"a\",\"kind\":\"story\",\"text\":\"Once\"}\n"
                + "{\"id\":\"b\",\"kind\":\"list\",\"text\":\"First\"}\n"),
        closed(
            "completions.jsonl",
            Completion.FORMAT::read,
            "{\"arm\":\"both\",\"seed\":1,\"temperature\":0.8,\"prompt\":\"a\",\"completion\":0,"
                + "\"text\":\"upon\",\"tokens\":4,\"ended\":true,\"truncated\":false,"
                + "\"seq_rep_4\":0.0,\"distinct_1\":1.0,\"distinct_2\":1.0,\"loop\":false,"
                + "\"fingerprint\":\"f\"}\n"),
        closed(
            "llm-replies.jsonl",
            ArtifactsTest::replies,
            "{\"judge\":\"m\",\"pair\":\"1\",\"order\":1,\"ask\":1,\"vendor\":\"v\",\"model\":\"x\","
                + "\"prompt\":\"a\",\"left\":\"l\",\"right\":\"r\",\"rubric_sha256\":\"u\","
                + "\"request_sha256\":\"q\",\"at\":\"2026-01-01T00:00:00.120Z\",\"ms\":12,"
                + "\"cost\":\"0.00000012\",\"lost\":true,\"body\":\"no reply\"}\n"),
        new Artefact(
            "pairs.jsonl",
            "{\"pair\":\"1\",\"prompt\":\"a\",\"prompt_text\":\"Once\",\"left\":\"x\","
                + "\"right\":\"y\",\"left_id\":\"l\",\"right_id\":\"r\"}\n",
            true,
            Set.of(),
            JudgedPair::read),
        new Artefact(
            "metrics.jsonl",
            "{\"kind\":\"evaluation\",\"step\":0,\"val_loss\":2.5,\"timing\":{\"seconds\":0.5}}\n"
                + "{\"kind\":\"step\",\"step\":1,\"loss\":2.5,\"skew\":null,"
                + "\"timing\":{\"seconds\":1.0,\"tokens_per_second\":9.0}}\n",
            true,
            Set.of("loss", "skew"),
            MetricsLine.FORMAT::read),
        new Artefact(
            "votes.jsonl",
            "{\"judge\":\"j\",\"judge_kind\":\"human\",\"prompt\":\"a\",\"pair\":\"1\","
                + "\"left\":\"x\",\"right\":\"y\",\"choice\":\"left\",\"seed\":1}\n",
            true,
            Set.of("seed", "judge", "prompt", "pair", "left", "right"), // texts of any kind
            Votes::read));
  }

  private static String keyLine(String ruled, String place) {
    String text =
        "{%s\"arm\":\"both\",\"seed\":1,\"temperature\":0.8,\"tokens\":4,\"ended\":true,\"truncated\":false,\"seq_rep_4\":0.0,\"distinct_1\":1.0,\"distinct_2\":1.0,\"loop\":false}";
    return "{\"pair\":\"1\",\"comparison\":\"h1\",\"prompt\":\"a\",\"completion\":0,"
        + ruled
        + "\"treatment\":"
        + text.replace("%s", place)
        + ",\"control\":"
        + text.replace("%s", place.replace("left", "right"))
        + "}\n";
  }

  private static Object replies(Path file) {
    try (ReplyLog log = ReplyLog.open(file)) {
      return Verdicts.votes(log);
    }
  }

  private Object read(Artefact artefact, String text) throws IOException {
    Path file = folder.resolve(artefact.name.equals("data.json") ? "manifest.json" : artefact.name);
    Files.writeString(file, text);
    return artefact.read.apply(file);
  }

  private void refused(Artefact artefact, String text, String... parts) {
    assertThatThrownBy(() -> read(artefact, text))
        .as(text)
        .isInstanceOf(UserError.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContainingAll(parts)
        .hasMessageMatching("(?s).*(; |\\(|, )[a-z ]+.*"); // what to do
  }

  @ParameterizedTest
  @MethodSource("artefacts")
  void whatThisVersionWritesIsReadWithAByteOrderMarkToo(Artefact artefact) throws IOException {
    Object found = read(artefact, artefact.text);
    assertThat(found).isNotNull();
    Object marked = read(artefact, "\uFEFF" + artefact.text);
    switch (found) {
      case PairKey key -> // whose salt is equal to no other
          assertThat(((PairKey) marked).text()).isEqualTo(key.text());
      case Prompts prompts -> // which have the hash of the file
          assertThat(((Prompts) marked).all()).isEqualTo(prompts.all());
      default -> assertThat(marked).isEqualTo(found);
    }
  }

  @ParameterizedTest
  @MethodSource("artefacts")
  void aFieldThatNobodyKnowsIsNamed(Artefact artefact) throws IOException {
    String text = artefact.with((json, name) -> json.put(name, 1), "xyz");
    if (artefact.open) {
      assertThat(read(artefact, text)).isNotNull();
    } else {
      refused(artefact, text, "xyz");
    }
  }

  @ParameterizedTest
  @MethodSource("artefacts")
  void aFieldThatIsMissingIsNamed(Artefact artefact) {
    for (String field : artefact.fields()) {
      boolean isHeader = field.equals("format") || field.equals("version");
      refused(artefact, artefact.with(ObjectNode::remove, field), isHeader ? "version" : field);
    }
  }

  @ParameterizedTest
  @MethodSource("artefacts")
  void aFieldOfAnotherTypeIsNamed(Artefact artefact) {
    for (String field : artefact.fields()) {
      boolean isHeader = field.equals("format") || field.equals("version");
      refused(
          artefact,
          artefact.with((json, name) -> json.putObject(name).putArray("a").addArray(), field),
          isHeader ? "version" : field);
    }
  }

  @ParameterizedTest
  @MethodSource("artefacts")
  void aFileOfAnotherVersionIsSaidToBe(Artefact artefact) {
    if (artefact.text.contains("\"version\":1,\"")) {
      refused(
          artefact,
          artefact.with((json, name) -> json.put(name, 2), "version"),
          "version 1",
          "use the program that wrote it");
    }
  }

  @ParameterizedTest
  @MethodSource("artefacts")
  void aFileThatIsCutIsRefused(Artefact artefact) throws IOException {
    String cut = artefact.text.substring(0, artefact.text.length() - 5);
    if (artefact.name.equals("llm-replies.jsonl")) {
      assertThat(read(artefact, cut)).as("the line was being written").isNotNull();
    } else {
      refused(artefact, cut, "not JSON");
    }
  }

  @ParameterizedTest
  @MethodSource("artefacts")
  void whatIsNoTextOrNotThereIsNamed(Artefact artefact) throws IOException {
    Path file = folder.resolve(artefact.name.equals("data.json") ? "manifest.json" : artefact.name);
    byte[] bytes = artefact.text.getBytes(StandardCharsets.UTF_8);
    byte[] latin = Arrays.copyOf(bytes, bytes.length);
    latin[artefact.text.lastIndexOf(':') - 2] = (byte) 0xE9;
    Files.write(file, latin);
    if (artefact.name.equals("votes.jsonl")) {
      assertThat(artefact.read.apply(file)).as("others write such tables, too").isNotNull();
    } else {
      assertThatThrownBy(() -> artefact.read.apply(file))
          .isInstanceOf(UserError.class)
          .hasMessageContainingAll(file.toString(), "is not UTF-8 text", "save it as UTF-8");
    }
    Files.delete(file);
    if (!Set.of("registration.json", "llm-replies.jsonl").contains(artefact.name)) {
      assertThatThrownBy(() -> artefact.read.apply(file))
          .isInstanceOf(UserError.class)
          .hasMessageContainingAll(file.toString(), "no such file");
    }
  }
}
