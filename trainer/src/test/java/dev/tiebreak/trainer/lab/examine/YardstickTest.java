package dev.tiebreak.trainer.lab.examine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.lab.data.Batches;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.data.Evaluation;
import dev.tiebreak.trainer.lab.data.Holdout;
import dev.tiebreak.trainer.lab.data.TextSource;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YardstickTest {
  @TempDir Path folder;

  @Test
  void rareTokensAreInTheFirstDecileAndUnseenPairsInTheLast() {
    // Training, 90 %: 88 times "ab" and 4 "c". Validation: "ab" with one "c" and one "ba" swapped.
    String training = "ab".repeat(88) + "cccc";
    String validation = "abababcababaabababab";
    try (Dataset data =
        Dataset.prepare(
            TextSource.ofText("test", training + validation),
            TokenizerSpec.parse("chars"),
            new Holdout.End(0.9),
            folder,
            status -> {})) {
      assertThat(data.manifest().trainTokens()).isEqualTo(training.length());
      Evaluation evaluation = new Batches(data, 1, 19, 1).evaluation(1);
      int[] inputs = new int[19];
      int[] targets = new int[19];
      evaluation.fill(0, MemorySegment.ofArray(inputs), MemorySegment.ofArray(targets));
      assertThat(IntStream.range(0, 19).map(i -> "abc".charAt(targets[i])))
          .containsExactlyElementsOf(validation.substring(1).chars().boxed().toList());

      Yardstick yardstick = Yardstick.of(data, evaluation);

      // n(a) = n(b) = 88, n(c) = 4: c, the only rare one, is target 5; then a and b in their order.
      assertThat(yardstick.frequency().tokens(0)).containsExactly(5);
      assertThat(yardstick.frequency().tokens(1)).containsExactly(0, 1);
      // -log((n + 1) / (n(before) + 3)): ab (89 / 91), ba (88 / 91), ca (1 / 7), bc (2 / 91),
      // aa (1 / 91), so target 6 and then 5 and 11 are the hardest.
      assertThat(yardstick.difficulty().tokens(9)).containsExactly(5, 11);
      int[] eighth = yardstick.difficulty().tokens(8);
      assertThat(eighth[eighth.length - 1]).isEqualTo(6);
      int[] easiest = yardstick.difficulty().tokens(0);
      assertThat(Arrays.stream(easiest).map(i -> targets[i])).containsOnly(1); // b after a
    }
  }
}
