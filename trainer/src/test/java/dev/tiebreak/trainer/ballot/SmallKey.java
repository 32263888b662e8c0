package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.ballot.pairs.KeyEntry;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.ballot.pairs.Salt;
import dev.tiebreak.trainer.ballot.pairs.TextStatistics;
import java.util.List;
import java.util.Optional;

/** Keys of made-up pairs: the treatment's text of pair 1 is t1, its control's c1. */
public final class SmallKey {
  private SmallKey() {}

  /** A key of these entries. */
  public static PairKey of(KeyEntry... entries) {
    return new PairKey(Salt.parse("5a".repeat(32), "a test"), "", "", "", List.of(entries));
  }

  /** The entry of a pair; its treatment is of seed 5 and 12 tokens long, its control 6 and 7. */
  public static KeyEntry entry(String pair, String treatment, String control) {
    return new KeyEntry(
        pair,
        "h1",
        "p",
        0,
        Optional.empty(),
        side("t" + pair, true, new RunId(treatment, 5), 12),
        side("c" + pair, false, new RunId(control, 6), 7));
  }

  /** The entry of a pair that a rule decided. */
  public static KeyEntry ruled(String pair) {
    return new KeyEntry(
        pair,
        "h1",
        "p",
        0,
        Optional.of(KeyEntry.Rule.EMPTY),
        side("", false, new RunId("both", 5), 0),
        side("", false, new RunId("baseline", 5), 3));
  }

  private static KeyEntry.Side side(String id, boolean left, RunId run, int tokens) {
    Optional<KeyEntry.Place> place =
        Optional.of(left ? KeyEntry.Place.LEFT : KeyEntry.Place.RIGHT).filter(_ -> !id.isEmpty());
    return new KeyEntry.Side(
        Optional.of(id).filter(one -> !one.isEmpty()),
        place,
        run,
        0.8,
        TextStatistics.of(new int[tokens], false));
  }
}
