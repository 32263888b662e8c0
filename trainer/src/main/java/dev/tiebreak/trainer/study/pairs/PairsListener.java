package dev.tiebreak.trainer.study.pairs;

/** Is told how the making of pairs goes; from several threads, one at a time. */
public interface PairsListener {
  /** What is being done now, in a few words. */
  void status(String text);

  /**
   * Another text is there.
   *
   * @param done texts that are there, those of an earlier attempt too
   * @param total texts wanted
   */
  void written(int done, int total);
}
