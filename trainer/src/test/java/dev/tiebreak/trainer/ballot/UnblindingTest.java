package dev.tiebreak.trainer.ballot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.ballot.pairs.KeyEntry;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.base.UserError;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnblindingTest {
  private static final PairKey KEY = SmallKey.of(SmallKey.entry("1", "both", "baseline"));

  private static Vote vote(String pair, String left, String right) {
    return Vote.by("j", JudgeKind.HUMAN)
        .on("p", pair)
        .sides(left, right)
        .choice(Choice.LEFT)
        .build();
  }

  @Test
  void idsBecomeArmsWhicheverSideTheyStoodOn() {
    List<Vote> votes = Votes.unblind(List.of(vote("1", "t1", "c1"), vote("1", "c1", "t1")), KEY);
    assertThat(votes.getFirst())
        .isEqualTo(
            vote("1", "both", "baseline").toBuilder()
                .seed(5)
                .leftTokens(12)
                .rightTokens(7)
                .extra("comparison", "h1")
                .extra("completion", "0")
                .extra("treatment_side", "left")
                .extra("control_seed", "6")
                .build());
    assertThat(votes.getLast().left()).isEqualTo("baseline");
    assertThat(votes.getLast().leftTokens()).hasValue(7);
    assertThat(votes.getLast().extra()).containsEntry("treatment_side", "right");
  }

  @Test
  void catchItemsStayAsTheyAre() {
    Vote item = vote("catch-1", "x", "y").toBuilder().catchItem(true).build();
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
