package dev.tiebreak.trainer.evidence.document;

/** Texts as they stand in HTML and XML. */
public final class Markup {
  private Markup() {}

  /**
   * A text that cannot become markup: its special characters escaped, and characters that control
   * something, which XML does not allow, as spaces.
   */
  public static String escape(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cf}]", " ")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
