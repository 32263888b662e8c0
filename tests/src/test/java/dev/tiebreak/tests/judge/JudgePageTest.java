package dev.tiebreak.tests.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.judge.JudgeSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.interactions.Actions;

/** Sittings in a real browser. */
@Tag("slow")
@Timeout(180)
class JudgePageTest {
  private static final int TOTAL = 8;
  private static final List<String> CHOICES =
      List.of("left", "right", "same", "unusable", "left", "right", "left", "left");

  @TempDir Path folder;

  private Judging judging;

  @BeforeEach
  void begin() {
    JudgeSettings settings = new JudgeSettings(1, 6, 1, 1, 7, JudgeSettings.ABANDONED_AFTER);
    judging = Judging.begin(folder, Judging.pairs(8, 2), settings);
  }

  @AfterEach
  void end() {
    judging.close();
  }

  private static void checkThanks(Browser browser) {
    browser.waitFor("done");
    assertThat(browser.element("sum").getText()).contains("judged 8 pairs");
    assertThat(browser.element("sum-left").getText()).isEqualTo("4");
    assertThat(browser.element("sum-right").getText()).isEqualTo("2");
    assertThat(browser.element("sum-same").getText()).isEqualTo("1");
    assertThat(browser.element("sum-unusable").getText()).isEqualTo("1");
  }

  @Test
  void aSittingByMouse() {
    try (Browser browser = Browser.desktop()) {
      browser.go(judging.link()).waitFor("welcome");
      browser.picture("judge-welcome");
      browser.begin();
      Browser.pause(200);
      browser.picture("judge-pair");
      for (int i = 0; i < TOTAL; i++) {
        browser.waitForPair(i + 1);
        browser.choice(CHOICES.get(i)).click();
      }
      checkThanks(browser);
      browser.picture("judge-thanks");
      assertThat(judging.answered()).isEqualTo(TOTAL);
      assertThat(judging.store().status().judges().getFirst().medianMs().getAsLong())
          .isGreaterThan(350);
      browser.element("undo-done").click();
      browser.waitForPair(TOTAL);
      assertThat(judging.answered()).isEqualTo(TOTAL - 1);
      browser.choice("left").click();
      checkThanks(browser);
      assertThat(judging.answered()).isEqualTo(TOTAL);
      assertThat(browser.driver().manage().logs().get("browser").getAll()).isEmpty();
    }
  }

  @Test
  void aSittingByKeyboardAlone() {
    try (Browser browser = Browser.desktop()) {
      browser.go(judging.link()).waitFor("welcome");
      browser.tabTo("experience");
      browser.press(Keys.ARROW_DOWN);
      browser.tabTo("consent");
      browser.press(Keys.SPACE);
      browser.tabTo("begin");
      browser.press(Keys.ENTER);
      List<CharSequence> keys = List.of("1", "2", "3", "4", Keys.ARROW_LEFT, Keys.ARROW_RIGHT);
      for (int i = 0; i < keys.size(); i++) {
        browser.waitForPair(i + 1);
        browser.press(keys.get(i));
      }
      browser.waitForPair(7);
      browser.press("u");
      browser.waitForPair(6);
      browser.press("2");
      browser.waitForPair(7);
      browser.press(Keys.ARROW_LEFT);
      browser.waitForPair(8);
      browser.press(Keys.TAB);
      assertThat(browser.script("return document.activeElement.dataset.choice")).isEqualTo("left");
      browser.press(Keys.ENTER);
      checkThanks(browser);
      assertThat(judging.answered()).isEqualTo(TOTAL);
      assertThat(judging.store().status().judges().getFirst().undone()).isEqualTo(1);
    }
  }

  @Test
  void aSittingOnAPhone() {
    try (Browser browser = Browser.phone()) {
      browser.dark();
      browser.go(judging.link());
      browser.begin();
      Browser.pause(200);
      browser.picture("judge-phone-dark");
      for (int i = 0; i < TOTAL; i++) {
        browser.waitForPair(i + 1);
        assertThat(
                browser.script(
                    "const [l, r] = document.querySelectorAll('.box');"
                        + " const a = l.getBoundingClientRect(), b = r.getBoundingClientRect();"
                        + " return a.bottom <= b.top && a.width === b.width"
                        + " && Math.abs(a.height - b.height) < 1"
                        + " && document.documentElement.scrollWidth <= innerWidth"))
            .as("stacked, equal, nothing beyond the edge")
            .isEqualTo(true);
        browser.choice(CHOICES.get(i)).click();
      }
      checkThanks(browser);
    }
  }

  @Test
  void reloadingPausingAndGoingBackLoseNothing() {
    String link = judging.link();
    try (Browser browser = Browser.desktop()) {
      browser.go(link).begin();
      browser.choice("left");
      browser.waitForPair(1);
      browser.choice("left").click();
      browser.driver().navigate().refresh(); // at once
      browser.waitForPair(2);
      browser.choice("right").click();
      browser.waitForPair(3);
      browser.driver().get("about:blank");
      browser.driver().navigate().back();
      browser.waitForPair(3);
      browser.element("pause").click();
      browser.waitFor("paused");
      assertThat(browser.element("link").getText()).isEqualTo(link);
      browser.element("resume").click();
      browser.waitForPair(3);
      assertThat(judging.answered()).isEqualTo(2);
    }
    try (Browser other = Browser.desktop()) { // the same link on another device
      other.go(link).waitForPair(3);
      other.choice("same").click();
      other.waitForPair(4);
      assertThat(judging.answered()).isEqualTo(3);
    }
  }

  @Test
  void aDoubleClickIsOneAnswer() {
    try (Browser browser = Browser.desktop()) {
      browser.go(judging.link()).begin();
      browser.waitForPair(1);
      new Actions(browser.driver()).doubleClick(browser.choice("left")).perform();
      browser.waitForPair(2);
      browser.driver().navigate().refresh();
      browser.waitForPair(2);
      assertThat(judging.answered()).isEqualTo(1);
    }
  }

  @Test
  void twoTabsCountNoPairTwice() {
    String link = judging.link();
    try (Browser browser = Browser.desktop()) {
      browser.go(link).begin();
      String first = browser.driver().getWindowHandle();
      browser.driver().switchTo().newWindow(WindowType.TAB);
      String second = browser.driver().getWindowHandle();
      browser.go(link).waitForPair(1);
      browser.choice("left").click();
      browser.waitForPair(2);
      browser.driver().switchTo().window(first);
      browser.waitForPair(2); // it has looked again when it was seen again
      // And where it has not: the server says that the pair was answered.
      browser.driver().switchTo().window(second);
      browser.waitForPair(2);
      browser.script(
          "const t = location.pathname.split('/').pop();"
              + " return fetch('../api/' + t + '/answer', {method: 'POST',"
              + " headers: {'Content-Type': 'application/json'}, body: JSON.stringify({item: 2,"
              + " choice: 'right', ms: 5, client_time: new Date().toISOString(),"
              + " device: 'desktop', key: 'ab'.repeat(16)})}).then(r => r.status)");
      browser.choice("left").click();
      browser.waitForPair(3);
      browser.waitUntil(
          "a word about it", () -> browser.element("status").getText().contains("already"));
      assertThat(judging.answered()).isEqualTo(2);
    }
  }
}
