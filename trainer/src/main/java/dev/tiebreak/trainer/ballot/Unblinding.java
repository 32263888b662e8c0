package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.ballot.pairs.KeyEntry;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.base.Faults;
import dev.tiebreak.trainer.base.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** See {@link Votes#unblind}. */
final class Unblinding {
  private final Map<String, KeyEntry> entries = new HashMap<>();

  Unblinding(PairKey key) {
    key.entries().forEach(entry -> entries.put(entry.pair(), entry));
  }

  List<Vote> of(List<Vote> votes) {
    Faults faults = new Faults();
    List<Vote> unblinded = new ArrayList<>();
    for (Vote vote : votes) {
      if (vote.shown().catchItem()) {
        unblinded.add(vote);
      } else {
        unblind(vote, faults).ifPresent(unblinded::add);
      }
    }
    faults.throwIfAny(
        "the key does not fit these votes",
        "give the key that was made with the pairs; votes that name arms already need none");
    return unblinded;
  }

  private Optional<Vote> unblind(Vote vote, Faults faults) {
    KeyEntry entry = entries.get(vote.shown().pair());
    if (entry == null) {
      faults.add(vote.id() + ": the key has no such pair");
      return Optional.empty();
    }
    boolean treatmentLeft = isPair(entry.treatment(), entry.control(), vote);
    if (!treatmentLeft && !isPair(entry.control(), entry.treatment(), vote)) {
      faults.add(
          Words.of(
              "%s: %s and %s are not its texts",
              vote.id(), Faults.quoted(vote.shown().left()), Faults.quoted(vote.shown().right())));
      return Optional.empty();
    }
    KeyEntry.Side left = treatmentLeft ? entry.treatment() : entry.control();
    KeyEntry.Side right = treatmentLeft ? entry.control() : entry.treatment();
    Vote.Origin origin =
        new Vote.Origin(
            entry.comparison(),
            Optional.of(treatmentLeft ? Side.LEFT : Side.RIGHT),
            OptionalLong.of(entry.treatment().run().seed()),
            OptionalLong.of(entry.control().run().seed()),
            OptionalInt.of(left.statistics().tokens()),
            OptionalInt.of(right.statistics().tokens()));
    return Optional.of(
        vote.sides(left.run().arm(), right.run().arm())
            .origin(origin)
            .extra(Vote.COMPLETION, Integer.toString(entry.completion())));
  }

  /**
   * Whether a vote is about these sides: by the ids of their texts, or by the names of two arms.
   */
  private static boolean isPair(KeyEntry.Side left, KeyEntry.Side right, Vote vote) {
    String one = left.run().arm();
    String other = right.run().arm();
    Vote.Shown shown = vote.shown();
    return left.isText(shown.left()) && right.isText(shown.right())
        || !one.equals(other) && one.equals(shown.left()) && other.equals(shown.right());
  }
}
