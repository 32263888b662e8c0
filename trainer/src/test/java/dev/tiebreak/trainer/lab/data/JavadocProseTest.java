package dev.tiebreak.trainer.lab.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JavadocProseTest {
  private static final String TAIL = " is what this sentence of some length is about.";

  @Test
  void onlyDocumentationCommentsAreTaken() {
    String source =
        """
        /* Licence. */
        package p;
        /** One. */
        class A {
          // /** not this */
          String s = "/** nor this */ \\" /** nor this */";
          char quote = '"', other = '\\'';
          String block = \"""
              /** nor " this */ \\\""" /** nor this */
              \""";
          /**/
          /***/
          /**
           * Two,
           *
           ** three.
           */
          int x; /** Four. */
        }
        """;
    assertThat(JavadocComments.of(source).stream().map(String::strip))
        .containsExactly("One.", "Two,\n\nthree.", "Four.");
  }

  @Test
  void anUnclosedCommentEndsWithTheFile() {
    assertThat(JavadocComments.of("/** open")).hasSizeLessThanOrEqualTo(1);
    assertThat(JavadocComments.of("\"open")).isEmpty();
    assertThat(JavadocComments.of("'")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "The {@code size}|The size",
        "The {@link java.util.List}|The List",
        "The {@link #size()}|The size()",
        "The {@link java.util.List#add(int, Object) add method}|The add method",
        "The {@linkplain List#of the {@code List}}|The the List",
        "The {@literal size}|The size",
        "The <b>bold</b> <a href=\"x\">link</a>|The bold link",
        "The &quot;quoted&#34; &#x41;|The \"quoted\" A",
        "The {@index \"two words\" of it} {@systemProperty user.dir}|The two words user.dir",
        "The     wide\t gap|The wide gap",
        "The {@value #MAX_VALUE}|The MAX_VALUE",
        "The <!-- no -->comment|The comment",
        "The &unknown;size|The size",
        "The A & B|The A & B",
        "The &#xFFFFFFFF;size|The size",
      })
  void markupBecomesWords(String markup, String words) {
    assertThat(JavadocProse.paragraphs(markup + TAIL)).containsExactly(words + TAIL);
  }

  @Test
  void paragraphsAndListItemsStandAlone() {
    String comment =
        "First%s<p>Second%s\n<ul><li>Third%s</li><li>Fourth%s</ul>\n\nFifth%s".replace("%s", TAIL);
    assertThat(JavadocProse.paragraphs(comment))
        .containsExactly(
            "First" + TAIL, "Second" + TAIL, "Third" + TAIL, "Fourth" + TAIL, "Fifth" + TAIL);
  }

  @Test
  void codeAndTablesAreLeftOut() {
    String comment =
        """
        Before%s
        <pre>{@code
            @Override int x = 1;
        }</pre>
        {@snippet lang=java :
            if (x) { y(); } // Snippet sentence that is long enough to be kept.
        }
        <TABLE><tr><td>A cell of a table that is long enough to be kept.</table>
        After%s
        """
            .replace("%s", TAIL);
    assertThat(JavadocProse.paragraphs(comment)).containsExactly("Before" + TAIL, "After" + TAIL);
  }

  @Test
  void blockTagsBecomeSentencesOrGo() {
    String comment =
        """
        Main%s
        @param x the number of things that this method is about, as a fragment
        @return the number of things that were found in the list
        @throws IllegalArgumentException if the number of things is below zero.
        @apiNote A note that says something about the use of the method.
        @since 1.8
        @see java.util.List#of the method that makes lists of some things.
        """
            .replace("%s", TAIL);
    assertThat(JavadocProse.paragraphs(comment))
        .containsExactly(
            "Main" + TAIL,
            "Returns the number of things that were found in the list.",
            "A note that says something about the use of the method.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Too short.",
        "starts in lower case although it is long enough to be a sentence.",
        "Ends without a full stop although it is long enough to be one",
        "Copyright (c) of somebody who wrote this file in some year or other.",
        "X[i] = (a[0] + b[1]) * 3; y = 4 + 5 / (6 - 7); z[8] = 9 ** 2 + f(1, 2).",
        "Has a {@code type<parameter>} in it and therefore is not plain enough.",
        "Has lost , its word where a tag without any words was dropped.",
        "Abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz words.",
      })
  void whatIsNotPlainProseIsLeftOut(String comment) {
    assertThat(JavadocProse.paragraphs(comment)).isEqualTo(List.of());
  }
}
