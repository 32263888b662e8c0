package dev.tiebreak.trainer.evidence.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A section of a report.
 *
 * @param id names it in links and files
 * @param title above it
 * @param blocks from above
 */
public record Section(String id, String title, List<Block> blocks) {
  /** Copies the list. */
  public Section {
    blocks = List.copyOf(blocks);
  }

  /** Its tables, those too that the page does not show. */
  Stream<Table> tables() {
    return blocks.stream().filter(Table.class::isInstance).map(Table.class::cast);
  }

  /** A section in the making. */
  static final class Builder {
    private final String id;
    private final String title;
    private final List<Block> blocks = new ArrayList<>();

    Builder(String id, String title) {
      this.id = id;
      this.title = title;
    }

    /** Adds paragraphs. */
    Builder text(String... paragraphs) {
      Arrays.stream(paragraphs).forEach(one -> blocks.add(new Block.Text(one)));
      return this;
    }

    /** Adds tables or figures. */
    Builder add(Block... more) {
      blocks.addAll(Arrays.asList(more));
      return this;
    }

    /** Adds a figure and the table that it was drawn from. */
    Builder picture(String figure, String caption, String svg, Table data) {
      return add(new Block.Picture(figure, caption, svg, data.id()), data);
    }

    /** The section. */
    Section build() {
      return new Section(id, title, blocks);
    }
  }

  /** Begins a section. */
  static Builder of(String id, String title) {
    return new Builder(id, title);
  }
}
