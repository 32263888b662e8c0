package dev.tiebreak.trainer.ballot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgedPairTest {
  private static final String LINE =
      "{\"pair\":\"1\",\"prompt\":\"p\",\"prompt_text\":\"Once\",\"left\":\"\",\"right\":\"\\n b\","
          + "\"left_id\":\"l\",\"right_id\":\"r\",\"more\":[1]}";

  @TempDir Path folder;

  private List<JudgedPair> read(String text) throws IOException {
    Path file = folder.resolve(JudgedPair.FILE);
    Files.writeString(file, text);
    return JudgedPair.read(file);
  }

  private void refused(String text, String... parts) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void pairsOfAnyProgramAreRead() throws IOException {
    JudgedPair pair = new JudgedPair("1", "p", "Once", "", "\n b", "l", "r");
    assertThat(read("\uFEFF" + LINE + "\r\n\n")).containsExactly(pair);
    assertThat(pair.swapped()).isEqualTo(new JudgedPair("1", "p", "Once", "\n b", "", "r", "l"));
  }

  @Test
  void everyWrongLineIsNamed() {
    refused("\n", "there are no pairs");
    refused(LINE + "\n" + LINE, "line 2: a second pair with the id \"1\"");
    refused(
        LINE + "\n{\n" + LINE.replace("left_id", "id") + "\n7\n",
        "line 2: not JSON",
        "line 3: left_id is missing or not a text",
        "line 4: not a JSON object");
    assertThatThrownBy(() -> JudgedPair.read(folder.resolve("no")))
        .hasMessageContaining("no such file");
  }
}
