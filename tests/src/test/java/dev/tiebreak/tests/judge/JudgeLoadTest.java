package dev.tiebreak.tests.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short run of {@link JudgeLoad}, or another by the system property {@code tiebreak.load}: judges
 * and seconds, such as {@code 200,60}.
 */
@Tag("slow")
@Timeout(300)
class JudgeLoadTest {
  @TempDir Path folder;

  @Test
  void everyAcknowledgedAnswerOutlivesAKilledServer() throws Exception {
    String[] load = System.getProperty("tiebreak.load", "40,6").split(",");
    JudgeLoad.Outcome outcome =
        JudgeLoad.run(
            folder, Integer.parseInt(load[0]), Duration.ofSeconds(Long.parseLong(load[1])));
    System.out.println(outcome);
    assertThat(outcome.answers()).isGreaterThan(40);
    assertThat(outcome.kept()).as(outcome.toString()).isEqualTo(outcome.answers());
    assertThat(outcome.worstSides()).isZero();
    assertThat(outcome.worstPairs()).isLessThanOrEqualTo(1);
  }
}
