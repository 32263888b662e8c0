package dev.tiebreak.trainer.evidence.document;

import java.util.List;

/** A part of a section. Texts are plain: whoever writes a file escapes them. */
public sealed interface Block permits Block.Text, Block.Items, Facts, Table, Figure {
  /** A paragraph. */
  record Text(String words) implements Block {}

  /** A list. */
  record Items(List<String> items) implements Block {
    /** Copies the list. */
    public Items {
      items = List.copyOf(items);
    }
  }
}
