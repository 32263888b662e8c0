package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.Check;

/** Which part of what is read is never trained on, only evaluated. */
public sealed interface Holdout {
  /**
   * The last tokens of the text.
   *
   * @param training share of the tokens that comes before, above 0 and below 1
   */
  record End(double training) implements Holdout {
    public End {
      requireShare(training);
    }
  }

  /**
   * Whole documents, spread evenly over the text: of 20 in a row one, where the share is 0.05.
   *
   * @param validation share of the documents, above 0 and below 1
   */
  record Documents(double validation) implements Holdout {
    public Documents {
      requireShare(validation);
    }

    /** Whether a document, by its number from 0, is for validation. */
    boolean holds(long document) {
      return Math.floor((document + 1) * validation) > Math.floor(document * validation);
    }
  }

  /**
   * A text of its own; all of the other is for training.
   *
   * @param source where it is
   */
  record Text(TextSource source) implements Holdout {}

  private static void requireShare(double share) {
    Check.user(
        share > 0 && share < 1,
        "the share of the text for training or validation is %s; it must be between 0 and 1",
        share);
  }
}
