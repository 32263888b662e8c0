package dev.tiebreak.trainer.lab.data;

import java.util.function.LongPredicate;

/** Takes some of the documents of a text, and knows where one of them ends. */
abstract class ChosenDocuments implements TextSource.Sink {
  private final LongPredicate chosen;
  private long number = -1; // of the document that is read
  private boolean isChosen;
  private boolean any;

  /**
   * @param chosen takes the number of a document, from 0
   */
  ChosenDocuments(LongPredicate chosen) {
    this.chosen = chosen;
  }

  /** A chosen document ended, and another begins. */
  abstract void separate();

  /** The next piece of a chosen document. */
  abstract void add(String piece);

  @Override
  public void document(String name) {
    number++;
    isChosen = chosen.test(number);
    if (isChosen && any) {
      separate();
    }
    any |= isChosen;
  }

  @Override
  public void text(String piece) {
    if (isChosen) {
      add(piece);
    }
  }
}
