package dev.tiebreak.trainer.ballot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.ballot.pairs.KeyEntry;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.base.UserError;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class UnblindingTest {
  private static final PairKey KEY = SmallKey.of(SmallKey.entry("1", "both", "baseline"));

  private static Vote vote(String pair, String left, String right) {
    return Vote.by("j", JudgeKind.HUMAN, Choice.LEFT).on("p", pair).sides(left, right);
  }

  @Test
  void idsBecomeArmsWhicheverSideTheyStoodOn() {
    List<Vote> votes = Votes.unblind(List.of(vote("1", "t1", "c1"), vote("1", "c1", "t1")), KEY);
    assertThat(votes.getFirst())
        .isEqualTo(
            vote("1", "both", "baseline")
                .origin(
                    new Vote.Origin(
                        "h1",
                        Optional.of(Side.LEFT),
                        OptionalLong.of(5),
                        OptionalLong.of(6),
                        OptionalInt.of(12),
                        OptionalInt.of(7)))
                .extra("completion", "0"));
    assertThat(votes.getLast().shown().left()).isEqualTo("baseline");
    assertThat(votes.getLast().origin().leftTokens()).hasValue(7);
    assertThat(votes.getLast().origin().treatment()).contains(Side.RIGHT);
  }

  @Test
  void catchItemsStayAsTheyAre() {
    Vote item = vote("catch-1", "x", "y").catchItem(true);
    assertThat(Votes.unblind(List.of(item), KEY)).containsExactly(item);
  }

  @Test
  void aKeyOfOtherPairsIsRefused() {
    KeyEntry ruled = SmallKey.ruled("3");
    assertThatThrownBy(() ->
            Votes.unblind(
                List.of(vote("2", "t1", "c1"), vote("1", "t1", "t1"), vote("3", "both", "")),
                SmallKey.of(SmallKey.entry("1", "both", "baseline"), ruled)))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(
            "judge j on pair 2: the key has no such pair",
            "judge j on pair 1: \"t1\" and \"t1\" are not its texts",
            "judge j on pair 3");
  }
}
