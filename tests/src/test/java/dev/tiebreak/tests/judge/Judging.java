package dev.tiebreak.tests.judge;

import dev.tiebreak.trainer.ballot.JudgeRole;
import dev.tiebreak.trainer.judge.JudgeServer;
import dev.tiebreak.trainer.judge.JudgeSettings;
import dev.tiebreak.trainer.judge.JudgeStore;
import dev.tiebreak.trainer.judge.PairsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Pairs in a folder, judged through a server that can be stopped and started again. */
final class Judging implements AutoCloseable {
  static final String HOST = "127.0.0.1";
  private static final String[] WORDS =
      ("the a dragon house river walked quickly old small girl light said found under bright stone"
              + " and then because slowly garden morning friend water never knew")
          .split(" ");

  private final JudgeStore store;
  private JudgeServer server;
  private int port;

  private Judging(JudgeStore store) {
    this.store = store;
  }

  /**
   * Begins.
   *
   * @param folder of the files
   * @param pairs lines of pairs.jsonl
   */
  static Judging begin(Path folder, List<ObjectNode> pairs, JudgeSettings settings) {
    Path file = write(folder, pairs);
    Judging judging =
        new Judging(
            JudgeStore.open(folder.resolve(JudgeStore.NAME), PairsFile.read(file), settings));
    judging.start();
    return judging;
  }

  static Path write(Path folder, List<ObjectNode> pairs) {
    try {
      return Files.write(
          folder.resolve(PairsFile.NAME), pairs.stream().map(ObjectNode::toString).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Texts of random words: so many prompts, so many pairs of each. */
  static List<ObjectNode> pairs(int prompts, int each) {
    Random random = new Random(5);
    List<ObjectNode> pairs = new ArrayList<>();
    for (int prompt = 0; prompt < prompts; prompt++) {
      for (int i = 0; i < each; i++) {
        pairs.add(
            pair(
                String.format(Locale.ROOT, "pair%d-%d", prompt, i),
                "prompt" + prompt,
                "Once upon a time, in town " + prompt + ",",
                text(random),
                text(random)));
      }
    }
    return pairs;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.append('.').toString();
  }

  static ObjectNode pair(String id, String prompt, String promptText, String left, String right) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("pair", id).put("prompt", prompt).put("prompt_text", promptText);
    json.put("left", left).put("right", right);
    return json.put("left_id", id + "-l").put("right_id", id + "-r");
  }

  void start() {
    server = JudgeServer.start(store, HOST, port);
    port = server.port();
  }

  void stop() {
    server.close();
  }

  int port() {
    return port;
  }

  JudgeStore store() {
    return store;
  }

  String link() {
    return link(port);
  }

  /** A new link, through another port. */
  String link(int through) {
    return "http://"
        + HOST
        + ":"
        + through
        + "/j/"
        + store.inviteJudges(1, JudgeRole.READER).getFirst();
  }

  /** How many answers of the only judge count. */
  int answered() {
    return store.status().judges().getFirst().answered();
  }

  @Override
  public void close() {
    server.close();
    store.close();
  }
}
