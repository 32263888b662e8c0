package dev.tiebreak.trainer.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.ballot.Choice;
import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.ballot.JudgeRole;
import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.Votes;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.judge.Links.Link;
import dev.tiebreak.trainer.judge.Sitting.Answer;
import dev.tiebreak.trainer.judge.Sitting.Phase;
import dev.tiebreak.trainer.judge.Sitting.Questions;
import dev.tiebreak.trainer.judge.Sitting.Shown;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was on the screen and what was chosen stand in the table of votes. */
class JudgeVotesTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;

  @Test
  void aJudgeWhoReadsIsFoundInTheVotes() {
    PairsFile pairs = Pairs.file(folder, 8, 2);
    try (JudgeStore store =
        JudgeStore.open(folder.resolve(JudgeStore.NAME), pairs, Pairs.settings(1, 6, 2, 2))) {
      String open = store.inviteOpen(1, JudgeRole.AUTHOR);
      Link all = store.links().find(open).orElseThrow();
      Sitting.Begun begun =
          store.sittings().begin(all, open, new Questions("yes", "", "some"), KEY);
      Link link = store.links().find(begun.token()).orElseThrow();
      Sitting sitting = begun.sitting();
      Map<Integer, Shown> shown = new HashMap<>();
      while (sitting.phase() == Phase.JUDGING) {
        Shown item = sitting.items().getFirst();
        shown.put(item.item(), item);
        String choice = item.left().contains(" went ") ? "LEFT" : "RIGHT"; // the file's left text
        sitting =
            store
                .sittings()
                .answer(
                    link,
                    new Answer(item.item(), choice, 10, 0, "phone", Words.of("%032x", item.item())))
                .orElseThrow()
                .sitting();
      }
      List<Vote> votes = store.votes();
      assertThat(votes).hasSize(10);
      for (Vote vote : votes) {
        Shown item = shown.get(Integer.parseInt(vote.extra().get("position")));
        check(vote, item, pairs);
      }
      assertThat(votes.stream().filter(vote -> vote.shown().isRepeat())).hasSize(2);
      assertThat(votes.stream().filter(vote -> vote.shown().catchItem())).hasSize(2);
      assertThat(votes.stream().map(Vote::id)).doesNotHaveDuplicates();
      for (Votes.Format format : Votes.Format.values()) {
        assertThat(Votes.parse(Votes.format(votes, format), "votes")).isEqualTo(votes);
      }
    }
  }

  private static void check(Vote vote, Shown item, PairsFile pairs) {
    assertThat(vote.judge().kind()).isEqualTo(JudgeKind.HUMAN);
    assertThat(vote.judge().role()).isEqualTo(JudgeRole.AUTHOR);
    assertThat(vote.extra())
        .containsEntry("native_speaker", "yes")
        .containsEntry("device", "phone");
    String chosen = vote.choice() == Choice.LEFT ? vote.shown().left() : vote.shown().right();
    String other = vote.choice() == Choice.LEFT ? vote.shown().right() : vote.shown().left();
    JudgedPair pair = pairs.get(vote.shown().pair().replace("catch-", ""));
    assertThat(vote.shown().prompt()).isEqualTo(pair.prompt());
    assertThat(chosen).as("the text that was looked for").isEqualTo(pair.leftId());
    assertThat(other).isEqualTo(vote.shown().catchItem() ? "nonsense" : pair.rightId());
    assertThat(vote.choice() == Choice.LEFT ? item.left() : item.right()).isEqualTo(pair.left());
    if (vote.shown().catchItem()) {
      assertThat(vote.choice() == Choice.LEFT ? item.right() : item.left())
          .isEqualTo(Nonsense.of(pair.left()));
    }
  }
}
