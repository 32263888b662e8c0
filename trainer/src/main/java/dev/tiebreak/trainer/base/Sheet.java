package dev.tiebreak.trainer.base;

import java.util.ArrayList;
import java.util.List;

/** Labelled lines under heads, and warnings: what a person reads about a plan or a machine. */
public final class Sheet {
  private final String head;
  private final String part;
  private final String value;
  private final List<Line> lines = new ArrayList<>();

  public enum Kind {
    /** Its label begins a section. */
    HEAD,
    /** A line of a section. */
    PLAIN,
    /** Worth a look. */
    WARNING
  }

  /**
   * One line.
   *
   * @param label of a head, padded; else empty
   */
  public record Line(Kind kind, String label, String text) {}

  /**
   * @param head format of the label of a head
   * @param part format of the label of a line below it
   * @param value format of what is said about both
   */
  public Sheet(String head, String part, String value) {
    this.head = head;
    this.part = part;
    this.value = value;
  }

  public List<Line> lines() {
    return List.copyOf(lines);
  }

  /** Whether there is nothing to be warned about. */
  public boolean isSound() {
    return lines.stream().noneMatch(line -> line.kind() == Kind.WARNING);
  }

  public void head(String label, String text) {
    String padded = Words.of(head, label);
    lines.add(new Line(Kind.HEAD, padded, Words.of(value, text)));
  }

  public void part(String label, String text) {
    line(Words.of(part, label) + Words.of(value, text));
  }

  public void line(String text) {
    lines.add(new Line(Kind.PLAIN, "", text));
  }

  /** Something that is wrong or not as good as it could be, with the remedy. */
  public void warn(String text) {
    lines.add(new Line(Kind.WARNING, "", text));
  }
}
