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
      if (vote.catchItem()) {
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
    KeyEntry entry = entries.get(vote.pair());
    if (entry == null) {
      faults.add(vote.id() + ": the key has no such pair");
      return Optional.empty();
    }
    boolean treatmentLeft = isPair(entry.treatment(), entry.control(), vote);
    if (!treatmentLeft && !isPair(entry.control(), entry.treatment(), vote)) {
      faults.add(
          Words.of(
              "%s: %s and %s are not its texts",
              vote.id(), Faults.quoted(vote.left()), Faults.quoted(vote.right())));
      return Optional.empty();
    }
    KeyEntry.Side left = treatmentLeft ? entry.treatment() : entry.control();
    KeyEntry.Side right = treatmentLeft ? entry.control() : entry.treatment();
    return Optional.of(
        vote.toBuilder()
            .sides(left.run().arm(), right.run().arm())
            .seed(entry.treatment().run().seed())
            .leftTokens(left.statistics().tokens())
            .rightTokens(right.statistics().tokens())
            .extra("comparison", entry.comparison())
            .extra("completion", Integer.toString(entry.completion()))
            .extra("treatment_side", (treatmentLeft ? Choice.LEFT : Choice.RIGHT).label())
            .extra("control_seed", Long.toString(entry.control().run().seed()))
            .build());
  }

  private static boolean isPair(KeyEntry.Side left, KeyEntry.Side right, Vote vote) {
    return left.isText(vote.left()) && right.isText(vote.right());
  }
}
