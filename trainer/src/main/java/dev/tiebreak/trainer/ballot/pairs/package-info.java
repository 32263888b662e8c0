/**
 * Whose texts a pair holds: {@link dev.tiebreak.trainer.ballot.pairs.PairKey} is the sealed file
 * that says it, one {@link dev.tiebreak.trainer.ballot.pairs.KeyEntry} a pair, with the {@link
 * dev.tiebreak.trainer.ballot.pairs.TextStatistics} of its texts; ids and sides were drawn from a
 * secret {@link dev.tiebreak.trainer.ballot.pairs.Salt}.
 *
 * <p>Not here: how texts are written and paired ({@code study.pairs}).
 */
package dev.tiebreak.trainer.ballot.pairs;
