package dev.tiebreak.trainer.evidence.document;

import java.util.List;

/** A part of a section. Texts are plain: whoever writes a file escapes them. */
public sealed interface Block permits Block.Text, Block.Items, Facts, Table, Figure {
  record Text(String words) implements Block {}

  record Items(List<String> items) implements Block {
    public Items {
      items = List.copyOf(items);
    }
  }
}
