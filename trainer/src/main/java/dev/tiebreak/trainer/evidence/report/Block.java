package dev.tiebreak.trainer.evidence.report;

/** A part of a section. */
public sealed interface Block permits Block.Text, Table, Block.Picture {
  /** A paragraph, without markup. */
  record Text(String words) implements Block {}

  /**
   * A figure.
   *
   * @param id names it on the page
   * @param caption below it, and what is read out to those who cannot see it
   * @param svg the picture, safe to be put into a page
   * @param data names of the tables that it was drawn from; may be empty
   */
  record Picture(String id, String caption, String svg, String data) implements Block {}
}
