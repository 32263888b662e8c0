package dev.tiebreak.trainer.evidence.document;

import dev.tiebreak.trainer.base.Words;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A document before it is written.
 *
 * @param source what was read to make it, in a sentence; may be empty
 */
public record Document(String title, String source, List<Section> sections) {
  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if two tables, two figures or two groups of facts share an id:
   *     ids name files
   */
  public Document {
    sections = List.copyOf(sections);
    Set<String> ids = new HashSet<>();
    sections.stream()
        .flatMap(section -> section.blocks().stream())
        .forEach(block -> {
          String id =
              switch (block) {
                case Table table -> "table " + table.id();
                case Figure figure -> "figure " + figure.id();
                case Facts facts -> "facts " + facts.id();
                case Block.Text _, Block.Items _ -> "";
              };
          if (!id.isEmpty() && !ids.add(id)) {
            throw new IllegalArgumentException("the document has twice: " + id);
          }
        });
  }

  private <B extends Block> Stream<B> blocks(Class<B> kind) {
    return sections.stream()
        .flatMap(section -> section.blocks().stream())
        .filter(kind::isInstance)
        .map(kind::cast);
  }

  /** All tables, those too that pages do not show. */
  public Stream<Table> tables() {
    return blocks(Table.class);
  }

  public Stream<Figure> figures() {
    return blocks(Figure.class);
  }

  public Stream<Facts> facts() {
    return blocks(Facts.class);
  }

  /** The table of an id; an {@link IllegalArgumentException} if there is none. */
  public Table table(String id) {
    return tables()
        .filter(one -> one.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(Words.of("no table is named %s", id)));
  }
}
