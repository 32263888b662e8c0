package dev.tiebreak.trainer.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns a documentation comment into paragraphs of plain English: no code, no tags, no HTML, white
 * space normalised; what does not read like sentences is left out.
 */
final class JavadocProse {
  private static final int MIN_LENGTH = 40; // characters of a paragraph
  private static final int MIN_WORDS = 6;
  private static final double MIN_LETTERS = 0.90; // share of letters, spaces and plain punctuation

  private static final Pattern NOT_PROSE =
      Pattern.compile(
          "(?is)<(?:!--.*?-->|(pre|table|script|style|math|svg)\\b.*?(?:</\\1\\s*>|\\z))");
  private static final Pattern SNIPPET = Pattern.compile("\\{@snippet\\b");
  private static final Pattern BLOCK_TAG = Pattern.compile("(?m)^[ \\t]*@([a-zA-Z]+)[ \\t]*");
  private static final Pattern BLANK_LINE = Pattern.compile("\n[ \t]*\n");
  private static final Pattern BREAK =
      Pattern.compile(
          "(?i)</?(p|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|div|section|blockquote|center|caption)\\b[^<>]*>");
  private static final Pattern ELEMENT = Pattern.compile("</?[a-zA-Z][^<>]*>");
  private static final Pattern ENTITY = Pattern.compile("&(#?[a-zA-Z0-9]{1,10});");
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
          Map.entry("minus", "-"),
          Map.entry("copy", "(c)"),
          Map.entry("reg", ""),
          Map.entry("trade", ""));

  /** Code, markup, and what is left where a tag without words was dropped. */
  private static final Pattern SCAR = Pattern.compile("[{}<>@\\\\]| [.,;:](?: |$)");

  private JavadocProse() {}

  /**
   * The paragraphs of a comment that read like prose, in order.
   *
   * @param comment a comment as {@link JavadocComments} gives it
   */
  static List<String> paragraphs(String comment) {
    String text = JavadocTags.replaceIn(withoutSnippets(NOT_PROSE.matcher(comment).replaceAll("")));
    List<String> paragraphs = new ArrayList<>();
    Matcher tag = BLOCK_TAG.matcher(text);
    int start = 0;
    String lead = "";
    boolean more = true;
    while (more) {
      more = tag.find();
      String body = text.substring(start, more ? tag.start() : text.length());
      if (lead != null) {
        addProse(body, lead, paragraphs);
      }
      if (more) {
        start = tag.end();
        lead = lead(tag.group(1));
      }
    }
    return paragraphs;
  }

  /** The words that make a sentence of a block tag's text, or null where the text is left out. */
  private static String lead(String tag) {
    return switch (tag) {
      case "return" -> "Returns ";
      case "apiNote", "implNote", "implSpec", "deprecated" -> "";
      default -> null; // param, throws, see and others are fragments or formulas
    };
  }

  /** A snippet's code may hold braces of its own, so it is matched by counting. */
  private static String withoutSnippets(String text) {
    Matcher snippet = SNIPPET.matcher(text);
    if (!snippet.find()) {
      return text;
    }
    int end = snippet.end();
    for (int depth = 1; end < text.length() && depth > 0; end++) {
      depth += text.charAt(end) == '{' ? 1 : text.charAt(end) == '}' ? -1 : 0;
    }
    return text.substring(0, snippet.start()) + "\n\n" + withoutSnippets(text.substring(end));
  }

  private static void addProse(String body, String lead, List<String> paragraphs) {
    String broken = BREAK.matcher(lead + body.strip()).replaceAll("\n\n");
    String plain = decodeEntities(ELEMENT.matcher(broken).replaceAll(""));
    for (String part : BLANK_LINE.split(plain)) {
      String paragraph = normalise(JavadocTags.unshelter(part));
      boolean fragment = !lead.isEmpty() && paragraph.startsWith(lead);
      String sentence = fragment && !paragraph.endsWith(".") ? paragraph + "." : paragraph;
      if (isProse(sentence)) {
        paragraphs.add(sentence);
      }
    }
  }

  /** Every run of white space as one space, none at the ends. */
  private static String normalise(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean space = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        space = !out.isEmpty();
      } else {
        out.append(space ? " " : "").append(c);
        space = false;
      }
    }
    return out.toString();
  }

  private static String decodeEntities(String text) {
    return ENTITY
        .matcher(text)
        .replaceAll(match -> {
          String name = match.group(1);
          String known = ENTITIES.get(name);
          return Matcher.quoteReplacement(known != null ? known : number(name));
        });
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

  /** Whether a paragraph is made of whole sentences and holds little else than words. */
  static boolean isProse(String paragraph) {
    if (paragraph.length() < MIN_LENGTH || !Character.isUpperCase(paragraph.charAt(0))) {
      return false;
    }
    char last = paragraph.charAt(paragraph.length() - 1);
    boolean sentence = last == '.' || last == '!' || last == '?';
    boolean legal = paragraph.contains("Copyright") || paragraph.contains("License");
    if (!sentence || legal || SCAR.matcher(paragraph).find()) {
      return false;
    }
    int plain = 0;
    int words = 1;
    for (int i = 0; i < paragraph.length(); i++) {
      char c = paragraph.charAt(i);
      plain += c < 128 && Character.isLetter(c) || " .,'\"-".indexOf(c) >= 0 ? 1 : 0;
      words += c == ' ' ? 1 : 0;
    }
    return words >= MIN_WORDS && plain >= MIN_LETTERS * paragraph.length();
  }
}
