package dev.tiebreak.trainer.lab.data;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Turns a documentation comment into paragraphs of plain English: no code, no tags, no HTML, white
 * space normalised; what does not read like sentences is left out.
 */
final class JavadocProse {
  private static final int MIN_LENGTH = 40; // characters of a paragraph
  private static final int MIN_WORDS = 6;
  private static final double MIN_PLAIN = 0.90; // share of letters, spaces and plain punctuation
  private static final String PLAIN_SIGNS = " .,'\"-";
  private static final String CODE_SIGNS = "{}<>@\\";
  private static final String POINTS = ".,;:";
  private static final Pattern SPACE = Pattern.compile("[\\s\\x1C-\\x1F\\p{Z}]+");

  private JavadocProse() {}

  /**
   * The paragraphs of a comment that read like prose, in order.
   *
   * @param comment a comment as {@link JavadocComments} gives it
   */
  static List<String> paragraphs(String comment) {
    String text = JavadocTags.replaceIn(JavadocHtml.withoutBlocks("\n" + comment));
    List<String> paragraphs = new ArrayList<>();
    String lead = "";
    int start = 0;
    while (start < text.length()) {
      int tag = text.indexOf("\n@", start);
      int end = tag < 0 ? text.length() : tag;
      if (lead != null) {
        addProse(lead, text.substring(start, end), paragraphs);
      }
      start = end;
      if (tag >= 0) {
        start = tag + 2;
        while (start < text.length() && Character.isLetter(text.charAt(start))) {
          start++;
        }
        lead = lead(text.substring(tag + 2, start));
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

  private static void addProse(String lead, String body, List<String> paragraphs) {
    String plain = JavadocHtml.plain(lead + body.strip());
    for (String part : plain.split(JavadocHtml.PARAGRAPH)) {
      String paragraph = SPACE.matcher(JavadocTags.unshelter(part)).replaceAll(" ").strip();
      boolean fragment = !lead.isEmpty() && paragraph.startsWith(lead);
      String sentence = fragment && !paragraph.endsWith(".") ? paragraph + "." : paragraph;
      if (isProse(sentence)) {
        paragraphs.add(sentence);
      }
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
    if (!sentence || legal) {
      return false;
    }
    int plain = 0;
    int words = 1;
    for (int i = 0; i < paragraph.length(); i++) {
      char c = paragraph.charAt(i);
      if (CODE_SIGNS.indexOf(c) >= 0 || isLonelyPoint(paragraph, i)) {
        return false;
      }
      plain += c < 128 && Character.isLetter(c) || PLAIN_SIGNS.indexOf(c) >= 0 ? 1 : 0;
      words += c == ' ' ? 1 : 0;
    }
    return words >= MIN_WORDS && plain >= MIN_PLAIN * paragraph.length();
  }

  /** A full stop or comma after a space: what stood before it, a tag without words, is gone. */
  private static boolean isLonelyPoint(String text, int i) {
    return POINTS.indexOf(text.charAt(i)) >= 0
        && i > 0
        && text.charAt(i - 1) == ' '
        && (i + 1 == text.length() || text.charAt(i + 1) == ' ');
  }
}
