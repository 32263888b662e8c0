package dev.tiebreak.trainer.evidence.statistics.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.evidence.statistics.votes.JudgeHabits.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Sides, influence, A/A pairs and judges' habits. */
class VoteHabitsTest {
  private static final Ballot LEFT_WINS = new Ballot(1, 1, 1, 0, true, 1);
  private static final Ballot LEFT_WINS_AGAIN = new Ballot(1, 1, 1, 0, false, -1);
  private static final Ballot RIGHT_LOSES = new Ballot(2, 2, 2, 0, false, 1);

  @Test
  void theLeftIsCountedWhicheverTextItWas() {
    List<Ballot> ballots = List.of(LEFT_WINS, LEFT_WINS_AGAIN, RIGHT_LOSES, LEFT_WINS);
    Position position = Position.of(ballots, 0.95).found().orElseThrow();
    assertThat(position.left()).isEqualTo(new Tally(3, 1, 0));
    assertThat(position.whenLeft()).isEqualTo(new Tally(2, 0, 0));
    assertThat(position.whenRight()).isEqualTo(new Tally(1, 1, 0));
    assertThat(position.effect().found()).contains(0.5);
    Position one = Position.of(List.of(LEFT_WINS), 0.95).found().orElseThrow();
    assertThat(one.effect().missing()).contains("there are no votes");
    assertThat(Position.of(List.of(), 0.95).missing()).contains("there are no votes");
  }

  @Test
  void swapsAreComparedByTheText() {
    Ballot wonOnTheRight = new Ballot(1, 1, 1, 0, false, 1);
    Ballot tiedOnTheRight = new Ballot(1, 1, 1, 0, false, 0);
    Ballot lostOnTheLeft = new Ballot(1, 1, 1, 0, true, -1);
    Position.Swaps swaps =
        Position.swaps(
                List.of(LEFT_WINS, LEFT_WINS, LEFT_WINS, lostOnTheLeft),
                List.of(wonOnTheRight, LEFT_WINS_AGAIN, tiedOnTheRight, wonOnTheRight),
                0.95)
            .found()
            .orElseThrow();
    assertThat(swaps.same()).isEqualTo(1);
    assertThat(swaps.leftTwice()).isEqualTo(1);
    assertThat(swaps.halfTied()).isEqualTo(1);
    assertThat(swaps.rightTwice()).isEqualTo(1);
    assertThat(swaps.consistency().rate()).isEqualTo(0.25);
    assertThat(Position.swaps(List.of(), List.of(), 0.95).missing()).isPresent();
    assertThatThrownBy(() -> Position.swaps(List.of(LEFT_WINS), List.of(LEFT_WINS), 0.95))
        .hasMessage("votes 0 have the same sides");
  }

  @Test
  void aSingleJudgeMayCarryTheRate() {
    List<Ballot> ballots = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      ballots.add(new Ballot(i / 10, i, i, 0, true, i < 10 || i % 2 == 0 ? 1 : -1));
    }
    LeaveOneOut judges = LeaveOneOut.of(Factor.JUDGE, ballots).found().orElseThrow();
    assertThat(judges.rate()).isCloseTo(20 / 30.0, within(1e-12));
    assertThat(judges.lowest()).isZero();
    assertThat(judges.low()).isEqualTo(0.5);
    assertThat(judges.high()).isEqualTo(0.75);
    assertThat(judges.without()).hasSize(3);
    assertThat(LeaveOneOut.of(Factor.JUDGE, List.of(LEFT_WINS)).missing())
        .contains("one judge has all decisive votes");
    assertThat(LeaveOneOut.of(Factor.JUDGE, List.of()).missing()).contains("there are no votes");
  }

  /** By hand: squares of .02, .0, .02 about .62 and of .03, .02, .05, 0 about .5; 6 degrees. */
  @Test
  void aMeanOfSeveralPairsIsComparedWithTheErrorOfSuchAMean() {
    double[] equal = {0.47, 0.52, 0.55, 0.5};
    NullSpread spread = NullSpread.of(List.of(0.6, 0.62, 0.64), equal).found().orElseThrow();
    double pooled = Math.sqrt((4 + 0 + 4 + 9 + 4 + 25 + 0) / 1e4 / 6);
    assertThat(spread.degrees()).isEqualTo(6);
    assertThat(spread.pooledSd()).isCloseTo(pooled, within(1e-12));
    assertThat(spread.t()).isCloseTo(0.12 / (pooled / Math.sqrt(3)), within(1e-10));
    assertThat(spread.farthest()).isCloseTo(0.05, within(1e-12));
    assertThat(spread.sd()).isCloseTo(Math.sqrt((9 + 4 + 25) / 4e4), within(1e-12));
    assertThat(NullSpread.of(List.of(0.6, 0.62), new double[0]).missing()).isPresent();
    assertThat(NullSpread.of(List.of(0.6), equal).missing()).isPresent();
  }

  @Test
  void habitsBeyondTheLimits() {
    Limits plan = Limits.PLAN;
    JudgeHabits good = habits(20, 4, 8, 6000, 80, 2, 0);
    assertThat(plan.any().test(good)).isFalse();
    assertThat(plan.speedClicker().test(habits(20, 4, 8, 2999, 80, 2, 0))).isTrue();
    assertThat(plan.speedClicker().test(habits(20, 4, 8, 6000, 39, 2, 0))).isTrue();
    assertThat(plan.tieBiased().test(habits(20, 17, 2, 6000, 80, 2, 0))).isTrue();
    assertThat(plan.tieBiased().test(habits(20, 16, 2, 6000, 80, 2, 0))).isFalse();
    assertThat(plan.oneSided().test(habits(20, 0, 19, 6000, 80, 2, 0))).isTrue();
    assertThat(plan.oneSided().test(habits(20, 0, 1, 6000, 80, 2, 0))).isTrue();
    assertThat(plan.oneSided().test(habits(20, 0, 18, 6000, 80, 2, 0))).isFalse();
    assertThat(plan.failedCatch().test(habits(20, 4, 8, 6000, 80, 2, 2))).isTrue();
    assertThat(plan.failedCatch().test(habits(20, 4, 8, 6000, 80, 2, 1))).isFalse();
    JudgeHabits untimed =
        new JudgeHabits(1, 0, 0, 0, OptionalDouble.empty(), OptionalDouble.empty(), 0, 0);
    assertThat(plan.any().test(untimed)).isFalse();
    assertThat(Limits.ORIGINAL_STYLE.any().test(habits(20, 11, 5, 6000, 80, 2, 0))).isTrue();
  }

  private static JudgeHabits habits(
      int votes, int ties, int lefts, double ms, double msPerWord, int catches, int failed) {
    return new JudgeHabits(
        1,
        votes,
        ties,
        lefts,
        OptionalDouble.of(ms),
        OptionalDouble.of(msPerWord),
        catches,
        failed);
  }
}
