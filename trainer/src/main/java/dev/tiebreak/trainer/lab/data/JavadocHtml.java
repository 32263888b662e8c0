package dev.tiebreak.trainer.lab.data;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the HTML out of a documentation comment: code and tables go altogether, elements that begin
 * a new line become blank lines, other elements leave their content, entities become characters.
 */
final class JavadocHtml {
  /** What stands between paragraphs. */
  static final String PARAGRAPH = "\n\n";

  /** HTML comments, and elements that hold no prose; one that is not closed goes to the end. */
  private static final Pattern BLOCK =
      Pattern.compile(
          "(?is)<(?:!(?=--).*?(?:-->|\\z)"
              + "|(pre|table|script|style|math|svg)(?![\\p{L}\\p{Nd}])"
              + ".*?(?:</\\1(?![\\p{L}\\p{Nd}])[^>]*(?:>|\\z)|\\z))");

  /** A tag with the element's name, or an entity. */
  private static final Pattern MARKUP =
      Pattern.compile("</?(\\p{L}[\\p{L}\\p{Nd}]*)[^<>]*>|&(?=[^;]{1,10};)(#?[a-zA-Z0-9]+);");

  private static final Set<String> BREAKING =
      Set.of(
          "p br hr li ul ol dl dt dd h1 h2 h3 h4 h5 h6 div section blockquote center caption"
              .split(" "));

  private static final Map<String, String> ENTITIES =
      Map.ofEntries(
          Map.entry("lt", "<"),
          Map.entry("gt", ">"),
          Map.entry("amp", "&"),
          Map.entry("quot", "\""),
          Map.entry("apos", "'"),
          Map.entry("nbsp", " "),
          Map.entry("ndash", "-"),
          Map.entry("mdash", " - "),
          Map.entry("lsquo", "'"),
          Map.entry("rsquo", "'"),
          Map.entry("ldquo", "\""),
          Map.entry("rdquo", "\""),
          Map.entry("hellip", "..."),
          Map.entry("times", "x"),
          Map.entry("minus", "-"));

  private JavadocHtml() {}

  /** The text without HTML comments and without elements that hold no prose. */
  static String withoutBlocks(String text) {
    return BLOCK.matcher(text).replaceAll(block -> block.group(1) == null ? "" : PARAGRAPH);
  }

  /** The text with no elements and no entities. */
  static String plain(String text) {
    return MARKUP
        .matcher(text)
        .replaceAll(markup ->
            Matcher.quoteReplacement(
                markup.group(1) == null ? entity(markup.group(2)) : element(markup.group(1))));
  }

  private static String element(String name) {
    return BREAKING.contains(name.toLowerCase(Locale.ROOT)) ? PARAGRAPH : "";
  }

  /** The character of an entity; nothing for a name that is not known. */
  private static String entity(String name) {
    if (ENTITIES.containsKey(name)) {
      return ENTITIES.get(name);
    }
    try {
      if (name.startsWith("#x") || name.startsWith("#X")) {
        return Character.toString(Integer.parseInt(name.substring(2), 16));
      }
      return name.startsWith("#") ? Character.toString(Integer.parseInt(name.substring(1))) : "";
    } catch (IllegalArgumentException e) {
      return ""; // not a number, or not a character
    }
  }
}
