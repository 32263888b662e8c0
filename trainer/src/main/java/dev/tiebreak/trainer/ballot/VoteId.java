package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.base.Words;

/**
 * What makes a vote that vote: a judge judges a pair once, and its swapped repeat once.
 *
 * @param repeat whether it is the pair shown again, with sides exchanged
 */
public record VoteId(String judge, String pair, boolean repeat) {
  @Override
  public String toString() {
    return Words.of("judge %s on pair %s%s", judge, pair, repeat ? " shown again" : "");
  }
}
