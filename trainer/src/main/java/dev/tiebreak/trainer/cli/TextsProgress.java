package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.study.pairs.PairsListener;

/** Says on the error stream how far the writing of texts has come. */
final class TextsProgress implements PairsListener {
  private final Terminal terminal;
  private final Counter texts;

  TextsProgress(Terminal terminal) {
    this.terminal = terminal;
    this.texts = new Counter(terminal, "%,d of %,d texts");
  }

  @Override
  public void status(String text) {
    terminal.say(text + " ...");
  }

  @Override
  public void written(int done, int total) {
    texts.reached(done, total);
  }
}
