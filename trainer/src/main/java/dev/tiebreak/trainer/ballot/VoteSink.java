package dev.tiebreak.trainer.ballot;

import java.util.List;
import java.util.Set;

/** Where judgments are collected. Safe for several threads. */
public interface VoteSink extends AutoCloseable {
  /**
   * Keeps a vote; it is on the disk when this returns.
   *
   * @throws dev.tiebreak.trainer.base.UserError if it is there already or cannot be written
   */
  default void add(Vote vote) {
    addAll(List.of(vote));
  }

  /**
   * Keeps all of these votes or none of them; they are on the disk when this returns.
   *
   * @throws dev.tiebreak.trainer.base.UserError if one of them is there already, or twice among
   *     them, or they cannot be written; then none is kept
   */
  void addAll(List<Vote> votes);

  /** What was judged so far. */
  Set<VoteId> done();

  /** All votes, in the order they came in. */
  List<Vote> votes();

  @Override
  void close();
}
