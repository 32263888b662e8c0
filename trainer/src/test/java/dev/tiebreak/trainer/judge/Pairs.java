package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.ballot.JudgedPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Pairs to judge. */
final class Pairs {
  private Pairs() {}

  static List<JudgedPair> of(int prompts, int each) {
    List<JudgedPair> pairs = new ArrayList<>();
    for (int prompt = 0; prompt < prompts; prompt++) {
      for (int i = 0; i < each; i++) {
        String id = "p" + prompt + "-" + i;
        pairs.add(
            new JudgedPair(
                id,
                "prompt" + prompt,
                "Once in town " + prompt,
                id + " went one two three four five six seven eight nine ten eleven twelve.",
                id + " came a b c d e f g h i j k l m n o p q r s t u v w x y z.",
                id + "-left",
                id + "-right"));
      }
    }
    return pairs;
  }

  static PairsFile file(Path folder, int prompts, int each) {
    List<String> lines = new ArrayList<>();
    for (JudgedPair pair : of(prompts, each)) {
      lines.add(
          JsonMapper.shared()
              .createObjectNode()
              .put("pair", pair.pair())
              .put("prompt", pair.prompt())
              .put("prompt_text", pair.promptText())
              .put("left", pair.left())
              .put("right", pair.right())
              .put("left_id", pair.leftId())
              .put("right_id", pair.rightId())
              .put("arm", "never shown") // fields that are not asked for go nowhere
              .toString());
    }
    try {
      return PairsFile.read(Files.write(folder.resolve(PairsFile.NAME), lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JudgeSettings settings(int judgments, int items, int duplicates, int catchItems) {
    return new JudgeSettings(
        judgments, items, duplicates, catchItems, 11, JudgeSettings.ABANDONED_AFTER);
  }
}
