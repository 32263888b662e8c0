package dev.tiebreak.tests.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.judge.JudgeSettings;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The connection goes away while somebody judges, in a real browser. */
@Tag("slow")
@Timeout(180)
class LostConnectionTest {
  @TempDir Path folder;

  private Judging judging;

  @BeforeEach
  void begin() {
    JudgeSettings settings = new JudgeSettings(1, 6, 0, 0, 7, JudgeSettings.ABANDONED_AFTER);
    judging = Judging.begin(folder, Judging.pairs(8, 2), settings);
  }

  @AfterEach
  void end() {
    judging.close();
  }

  @Test
  void answersWaitUntilTheServerIsBack() {
    try (Browser browser = Browser.desktop()) {
      browser.go(judging.link()).begin();
      browser.waitForPair(1);
      judging.stop();
      browser.choice("left").click();
      browser.waitForPair(2); // it was there already
      browser.choice("right").click();
      browser.waitFor("saving");
      assertThat(browser.element("status").getText()).contains("No connection");
      judging.start();
      browser.waitForPair(3);
      assertThat(browser.element("status").getText()).isEmpty();
      assertThat(judging.answered()).isEqualTo(2);
    }
  }

  @Test
  void answersWaitWhileThePageIsAway() {
    String link = judging.link();
    try (Browser browser = Browser.desktop()) {
      browser.go(link).begin();
      browser.waitForPair(1);
      judging.stop();
      browser.choice("left").click();
      browser.waitForPair(2);
      browser.driver().get("about:blank");
      judging.start();
      assertThat(judging.answered()).isZero();
      browser.go(link).waitForPair(2);
      assertThat(judging.answered()).isEqualTo(1);
    }
  }

  /** The server has the answer, and the browser never hears so. */
  @Test
  void anAnswerWhoseReplyIsLostCountsOnce() throws IOException {
    try (LossyProxy proxy = LossyProxy.to(judging.port());
        Browser browser = Browser.desktop()) {
      browser.go(judging.link(proxy.port())).begin();
      browser.waitForPair(1);
      proxy.loseReplies("/answer", 2);
      browser.choice("left").click();
      browser.waitForPair(2);
      browser.waitUntil("the proxy", () -> proxy.lost() == 2);
      browser.choice("right").click();
      browser.waitForPair(3);
      browser.driver().navigate().refresh();
      browser.waitForPair(3);
      assertThat(judging.answered()).isEqualTo(2);
    }
  }
}
