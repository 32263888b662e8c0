package dev.tiebreak.trainer.lab.data;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Takes the HTML out of a documentation comment: code and tables go altogether, elements that begin
 * a new line become blank lines, other elements leave their content, entities become characters.
 */
final class JavadocHtml {
  /** What stands between paragraphs. */
  static final String PARAGRAPH = "\n\n";

  private static final String COMMENT = "<!--";
  private static final Set<String> DROPPED =
      Set.of("pre", "table", "script", "style", "math", "svg");
  private static final Set<String> BREAKING =
      Set.of(
          "p",
          "br",
          "hr",
          "li",
          "ul",
          "ol",
          "dl",
          "dt",
          "dd",
          "h1",
          "h2",
          "h3",
          "h4",
          "h5",
          "h6",
          "div",
          "section",
          "blockquote",
          "center",
          "caption");
  private static final int LONGEST_ENTITY = 10; // characters between & and ;
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

  private final String text;
  private final StringBuilder out;

  private JavadocHtml(String text) {
    this.text = text;
    this.out = new StringBuilder(text.length());
  }

  /** The text without HTML comments and without elements that hold no prose. */
  static String withoutBlocks(String text) {
    return text.indexOf('<') < 0 ? text : new JavadocHtml(text).dropBlocks();
  }

  /** The text with no elements and no entities. */
  static String plain(String text) {
    return text.indexOf('<') < 0 && text.indexOf('&') < 0 ? text : new JavadocHtml(text).strip();
  }

  private String dropBlocks() {
    int copied = 0;
    for (int open = text.indexOf('<'); open >= 0; open = text.indexOf('<', open + 1)) {
      int end = blockEnd(open);
      if (end > open) {
        boolean comment = text.startsWith(COMMENT, open);
        out.append(text, copied, open).append(comment ? "" : PARAGRAPH);
        copied = end;
        open = end - 1;
      }
    }
    return out.append(text, copied, text.length()).toString();
  }

  /** Where the comment or dropped element that opens here ends; {@code open} if none does. */
  private int blockEnd(int open) {
    if (text.startsWith(COMMENT, open)) {
      return after("-->", open);
    }
    String name = name(open + 1);
    return DROPPED.contains(name) ? after(">", endTag(name, open)) : open;
  }

  private int endTag(String name, int from) {
    for (int end = text.indexOf("</", from); end >= 0; end = text.indexOf("</", end + 2)) {
      if (name.equals(name(end + 2))) {
        return end;
      }
    }
    return text.length();
  }

  private int after(String sign, int from) {
    int at = text.indexOf(sign, from);
    return at < 0 ? text.length() : at + sign.length();
  }

  /** The name of an element that begins at an index, in lower case; empty if there is none. */
  private String name(int start) {
    int end = start;
    while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
      end++;
    }
    boolean named = end > start && Character.isLetter(text.charAt(start));
    return named ? text.substring(start, end).toLowerCase(Locale.ROOT) : "";
  }

  private String strip() {
    int i = 0;
    while (i < text.length()) {
      int next =
          switch (text.charAt(i)) {
            case '<' -> element(i);
            case '&' -> entity(i);
            default -> i;
          };
      if (next == i) {
        out.append(text.charAt(i));
        next++;
      }
      i = next;
    }
    return out.toString();
  }

  /** Passes over an element's tag; returns where it ends, or {@code open} if this is not one. */
  private int element(int open) {
    boolean closing = text.startsWith("</", open);
    String name = name(open + (closing ? 2 : 1));
    int end = text.indexOf('>', open);
    int other = text.indexOf('<', open + 1);
    if (name.isEmpty() || end < 0 || other >= 0 && other < end) {
      return open;
    }
    if (BREAKING.contains(name)) {
      out.append(PARAGRAPH);
    }
    return end + 1;
  }

  /** Writes an entity's character; returns where it ends, or {@code start} if this is not one. */
  private int entity(int start) {
    int end = text.indexOf(';', start);
    if (end < 0 || end - start - 1 > LONGEST_ENTITY) {
      return start;
    }
    String name = text.substring(start + 1, end);
    String known = ENTITIES.get(name);
    if (known == null && !name.matches("#?[a-zA-Z0-9]+")) {
      return start;
    }
    out.append(known != null ? known : number(name));
    return end + 1;
  }

  /** The character of a numeric entity; nothing for a name that is not known. */
  private static String number(String name) {
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
