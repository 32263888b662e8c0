package dev.tiebreak.trainer.lab.data;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds the documentation comments in Java source. Knows just enough of the language not to take a
 * comment sign in a string for a comment.
 */
final class JavadocComments {
  private JavadocComments() {}

  /**
   * The documentation comments of a source file, in order, without their stars and slashes and
   * without white space at the ends of their lines.
   */
  static List<String> of(String source) {
    List<String> comments = new ArrayList<>();
    int i = 0;
    while (i < source.length()) {
      if (source.startsWith("/*", i)) {
        int end = endOf(source, "*/", i + 2);
        boolean documentation = source.startsWith("/**", i) && end - i > "/***/".length();
        if (documentation) {
          comments.add(withoutStars(source.substring(i + 3, end - 2)));
        }
        i = end;
      } else if (source.startsWith("//", i)) {
        i = endOf(source, "\n", i);
      } else if (source.startsWith("\"\"\"", i)) {
        i = endOfLiteral(source, "\"\"\"", i + 3);
      } else if (source.charAt(i) == '"' || source.charAt(i) == '\'') {
        i = endOfLiteral(source, source.substring(i, i + 1), i + 1);
      } else {
        i++;
      }
    }
    return comments;
  }

  private static int endOf(String source, String sign, int from) {
    int at = source.indexOf(sign, from);
    return at < 0 ? source.length() : at + sign.length();
  }

  private static int endOfLiteral(String source, String quote, int from) {
    int i = from;
    while (i < source.length() && !source.startsWith(quote, i)) {
      i += source.charAt(i) == '\\' ? 2 : 1;
    }
    return Math.min(i + quote.length(), source.length());
  }

  private static String withoutStars(String comment) {
    return comment
        .lines()
        .map(line -> line.strip().replaceFirst("^\\*+", "").strip() + "\n")
        .collect(Collectors.joining());
  }
}
