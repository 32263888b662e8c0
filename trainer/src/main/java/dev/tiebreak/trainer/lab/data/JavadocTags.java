package dev.tiebreak.trainer.lab.data;

import java.util.regex.Pattern;

/**
 * Replaces the inline tags of a documentation comment, {@literal {@code x}, {@link Type#name label}
 * and their like,} by the words a reader sees.
 *
 * <p>What stands in {@literal {@code } and {@literal @literal}} is not HTML: there the signs that
 * would be read as such are put in a shelter of private characters until {@link #unshelter}.
 */
final class JavadocTags {
  private static final String SIGNS = "<>&@{}";
  private static final Pattern PACKAGE = Pattern.compile("\\b(?:[a-z][a-z0-9_]*[./])+(?=[A-Z])");
  private static final char SHELTER = '\uE000';

  private JavadocTags() {}

  /** The text with every inline tag replaced; an unclosed tag ends where the text ends. */
  static String replaceIn(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int copied = 0;
    for (int open = text.indexOf("{@"); open >= 0; open = text.indexOf("{@", copied)) {
      int end = closingBrace(text, open);
      out.append(text, copied, open).append(words(text.substring(open + 2, end)));
      copied = Math.min(end + 1, text.length());
    }
    return out.append(text, copied, text.length()).toString();
  }

  /** Brings back the signs that were sheltered from being read as HTML or as tags. */
  static String unshelter(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      int sign = text.charAt(i) - SHELTER;
      plain.append(sign >= 0 && sign < SIGNS.length() ? SIGNS.charAt(sign) : text.charAt(i));
    }
    return plain.toString();
  }

  private static String shelter(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      int sign = SIGNS.indexOf(text.charAt(i));
      safe.append(sign >= 0 ? (char) (SHELTER + sign) : text.charAt(i));
    }
    return safe.toString();
  }

  /** The index of the brace that closes the one at {@code open}, or the length of the text. */
  private static int closingBrace(String text, int open) {
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return text.length();
  }

  private static String words(String tag) {
    int nameEnd = 0;
    while (nameEnd < tag.length() && Character.isLetter(tag.charAt(nameEnd))) {
      nameEnd++;
    }
    String content = tag.substring(nameEnd).strip();
    return switch (tag.substring(0, nameEnd)) {
      case "code", "literal" -> shelter(content);
      case "link", "linkplain" -> link(content);
      case "value" -> reference(content);
      case "index", "jls", "jvms" -> firstWord(content);
      case "systemProperty", "summary" -> replaceIn(content);
      case "return" -> "Returns " + replaceIn(content) + ".";
      case "snippet" -> JavadocHtml.PARAGRAPH;
      default -> ""; // inheritDoc, docRoot and unknown tags say nothing in prose
    };
  }

  private static String link(String content) {
    int end = referenceEnd(content);
    String label = content.substring(end).strip();
    return label.isEmpty() ? reference(content) : replaceIn(label);
  }

  /** A reference ends at the first space that is not inside its parameter list. */
  private static int referenceEnd(String content) {
    int depth = 0;
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth == 0 && Character.isWhitespace(c)) {
        return i;
      }
    }
    return content.length();
  }

  /** How the Javadoc tool shows a reference: no package, a dot for the number sign. */
  private static String reference(String content) {
    String shown = content.startsWith("#") ? content.substring(1) : content;
    String simple = PACKAGE.matcher(shown).replaceAll("");
    return shelter(simple.replace("##", " ").replace('#', '.'));
  }

  private static String firstWord(String content) {
    if (content.startsWith("\"")) {
      int end = content.indexOf('"', 1);
      return content.substring(1, end < 0 ? content.length() : end);
    }
    return content.split("\\s", 2)[0];
  }
}
