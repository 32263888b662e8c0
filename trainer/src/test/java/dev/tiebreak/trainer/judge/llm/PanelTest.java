package dev.tiebreak.trainer.judge.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PanelTest {
  private static final String LOCAL =
      """
      [[judge]]
      name = "local"
      vendor = "somebody"
      base_url = "http://localhost:8080/v1/"
      model = "small-1"
      """;

  @TempDir Path folder;

  private Panel read(String toml) throws IOException {
    Path file = folder.resolve("panel.toml");
    Files.writeString(file, toml);
    return Panel.read(file);
  }

  private void refused(String toml, String... parts) {
    assertThatThrownBy(() -> read(toml))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("panel.toml")
        .hasMessageContainingAll(parts);
  }

  @Test
  void whatIsLeftOutIsAsUsual() throws IOException {
    String priced =
        """
        [[judge]]
        name = "priced"
        vendor = "another"
        base_url = "https://api.example.com/v1"
        model = "large-2"
        key_env = "EXAMPLE_KEY"
        price_in = 0.15
        price_out = 0.6
        send_temperature = false
        max_tokens = 2000
        limit_name = "max_completion_tokens"
        concurrency = 8
        """;
    Panel panel = read(LOCAL + priced);
    assertThat(panel.judges())
        .containsExactly(
            new LlmJudge(
                "local",
                "somebody",
                "http://localhost:8080/v1/",
                "small-1",
                "",
                0,
                0,
                true,
                0,
                512,
                LlmJudge.LimitName.MAX_TOKENS,
                4,
                120),
            new LlmJudge(
                "priced",
                "another",
                "https://api.example.com/v1",
                "large-2",
                "EXAMPLE_KEY",
                0.15,
                0.6,
                false,
                0,
                2000,
                LlmJudge.LimitName.MAX_COMPLETION_TOKENS,
                8,
                120));
    assertThat(panel.judges().getFirst().endpoint())
        .hasToString("http://localhost:8080/v1/chat/completions");
    assertThat(panel.judges().getLast().cost(1_000_001, 3)).isEqualByComparingTo("0.15000195");
  }

  @Test
  void mistakesAreNamed() {
    refused(LOCAL + "pricein = 3\n", "pricein", "price_in");
    refused(LOCAL.replace("model", "modl"), "model");
    refused(LOCAL.replace("model = \"small-1\"\n", ""), "judge.model is missing", "judge 1");
    refused(LOCAL + LOCAL, "two judges", "local");
    refused(LOCAL + "price_in = -1\n", "judge.price_in");
    refused(LOCAL.replace("http://localhost:8080/v1/", "localhost"), "judge.base_url");
    refused("", "names no judge");
    refused("[judge]\nname = \"x\"\n", "names no judge");
    refused("budget = 5\n" + LOCAL, "budget", "means nothing");
  }
}
