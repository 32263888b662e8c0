package dev.tiebreak.trainer.evidence.document;

import dev.tiebreak.trainer.base.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A section of a document. */
public record Section(String id, String title, List<Block> blocks) {
  public Section {
    blocks = List.copyOf(blocks);
  }

  public static Builder of(String id, String title) {
    return new Builder(id, title);
  }

  public static final class Builder {
    private final String id;
    private final String title;
    private final List<Block> blocks = new ArrayList<>();

    private Builder(String id, String title) {
      this.id = id;
      this.title = title;
    }

    public Builder text(String... paragraphs) {
      Arrays.stream(paragraphs).forEach(one -> blocks.add(new Block.Text(one)));
      return this;
    }

    /** Adds a paragraph, as {@link Words#of} makes it. */
    public Builder say(String format, Object... values) {
      return text(Words.of(format, values));
    }

    /** Adds a list; nothing for an empty one. */
    public Builder items(List<String> items) {
      return items.isEmpty() ? this : add(new Block.Items(items));
    }

    /** Adds what there is. */
    public Builder add(Block... more) {
      blocks.addAll(Arrays.asList(more));
      return this;
    }

    /** Adds a figure, if it could be drawn. */
    public Builder add(Optional<Figure> figure) {
      figure.ifPresent(blocks::add);
      return this;
    }

    /** Adds a figure and the table that it was drawn from. */
    public Builder figure(String figure, String caption, String svg, Table data) {
      return add(new Figure(figure, caption, svg, data.id()), data);
    }

    public Section build() {
      return new Section(id, title, blocks);
    }
  }
}
