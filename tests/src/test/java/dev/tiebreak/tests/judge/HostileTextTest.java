package dev.tiebreak.tests.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.judge.JudgeSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Texts that try to be more than texts are shown to the last character, and are nothing more. */
@Tag("slow")
@Timeout(180)
class HostileTextTest {
  private static final List<String> TEXTS =
      List.of(
          "<script>document.title = 'owned'</script>",
          "<img src=x onerror=\"document.title='owned'\"><svg onload=document.title='owned'>",
          "</div></main><h1>Thank you!</h1><style>*{display:none}</style>",
          "\"><a href='javascript:document.title=1'>\"quotes\" 'and' `backticks` ${1+1}</a>",
          "]]>--><!-- &lt;b&gt; &amp;amp; &#60;script&#62; \\u003cscript\\u003e",
          "\u202Eright to left\u202C \u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627 \u2066x",
          "w".repeat(5000),
          "tabs\tand\nlines\n\n\n   and spaces   and \u0000 nothing and \uFFFD and \uD83D\uDE00",
          "{\"phase\":\"done\"}\r\nSet-Cookie: a=b\r\n\r\n<html>",
          "e\u0301\u0327".repeat(300));

  @TempDir Path folder;

  @Test
  void nothingIsInjected() {
    List<ObjectNode> pairs = new ArrayList<>();
    for (int i = 0; i < TEXTS.size(); i += 2) {
      pairs.add(Judging.pair("p" + i, "prompt" + i, TEXTS.get(i), TEXTS.get(i), TEXTS.get(i + 1)));
    }
    JudgeSettings settings =
        new JudgeSettings(1, pairs.size(), 0, 0, 1, JudgeSettings.ABANDONED_AFTER);
    try (Judging judging = Judging.begin(folder, pairs, settings);
        Browser browser = Browser.desktop()) {
      browser.go(judging.link()).begin();
      Set<Object> seen = new HashSet<>();
      for (int i = 1; i <= pairs.size(); i++) {
        browser.waitForPair(i);
        for (String id : List.of("left", "right", "prompt")) {
          seen.add(text(browser, id));
          assertThat(browser.script("return document.getElementById('" + id + "').children.length"))
              .isEqualTo(0L);
        }
        assertThat(browser.driver().getTitle()).isEqualTo("Which text is better?");
        assertThat(
                browser.script(
                    "return document.documentElement.scrollWidth <= innerWidth"
                        + " && document.querySelectorAll('h1').length"))
            .as("nothing beyond the edge, no heading more")
            .isEqualTo(browser.script("return document.querySelectorAll('h1').length"));
        browser.press("1");
      }
      browser.waitFor("done");
      for (String text : TEXTS) {
        assertThat(seen).contains(text);
      }
      assertThat(browser.driver().manage().logs().get("browser").getAll()).isEmpty();
    }
  }

  /** As JSON, in which no line end is taken for another on its way here. */
  private static String text(Browser browser, String id) {
    Object json =
        browser.script(
            "return JSON.stringify(document.getElementById(arguments[0]).textContent)", id);
    return JsonMapper.shared().readValue((String) json, String.class);
  }
}
