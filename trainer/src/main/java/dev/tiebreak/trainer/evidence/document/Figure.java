package dev.tiebreak.trainer.evidence.document;

/**
 * A figure with its caption: without one it cannot be built.
 *
 * @param id names it on the page, and its file
 * @param caption below it, and what is read out to those who cannot see it; a sentence
 * @param svg the picture, safe to be put into a page
 * @param data id of the table that it was drawn from; empty if there is none
 */
public record Figure(String id, String caption, String svg, String data) implements Block {
  public Figure {
    if (caption.isBlank()) {
      throw new IllegalArgumentException("the figure " + id + " has no caption");
    }
  }

  /** A figure that was drawn from no table of its own. */
  public static Figure of(String id, String caption, String svg) {
    return new Figure(id, caption, svg, "");
  }
}
