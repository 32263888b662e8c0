package dev.tiebreak.trainer.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchesTest {
  @TempDir Path cache;
  private final List<Dataset> open = new ArrayList<>();

  /** Data in which token i is i, as far as one character goes. */
  private Dataset data(int tokens) {
    StringBuilder text = new StringBuilder();
    IntStream.range(0, tokens).forEach(i -> text.append((char) (i + 1)));
    Dataset data =
        Dataset.prepare(
            TextSource.ofText("test", text.toString()),
            TokenizerSpec.parse("chars"),
            new Holdout.End(0.9),
            cache,
            status -> {});
    open.add(data);
    return data;
  }

  @AfterEach
  void close() {
    open.forEach(Dataset::close);
  }

  private static int[] fill(Batches batches, long microBatch) {
    int size = batches.batch() * batches.sequence();
    int[] inputs = new int[size];
    int[] targets = new int[size];
    batches.fill(microBatch, MemorySegment.ofArray(inputs), MemorySegment.ofArray(targets));
    return check(inputs, targets, batches.sequence());
  }

  private static int[] fill(Evaluation evaluation, int batch, int size, int sequence) {
    int[] inputs = new int[size];
    int[] targets = new int[size];
    evaluation.fill(batch, MemorySegment.ofArray(inputs), MemorySegment.ofArray(targets));
    return check(inputs, targets, sequence);
  }

  /** Each row must count up, and each target must be the token after its input. */
  private static int[] check(int[] inputs, int[] targets, int sequence) {
    for (int i = 0; i < inputs.length; i++) {
      assertThat(targets[i]).isEqualTo(inputs[i] + 1);
      assertThat(inputs[i]).isEqualTo(inputs[i / sequence * sequence] + i % sequence);
    }
    return inputs;
  }

  @Test
  void theSameSeedGivesTheSameBatchesInAnyOrder() {
    Dataset data = data(1000);
    Batches first = new Batches(data, 4, 8, 42);
    Batches second = new Batches(data, 4, 8, 42);
    int[] late = fill(second, 99);
    int[] early = fill(second, 0);
    assertThat(fill(first, 0)).isEqualTo(early);
    assertThat(fill(first, 99)).isEqualTo(late).isNotEqualTo(early);
    assertThat(fill(new Batches(data, 4, 8, 43), 0)).isNotEqualTo(early);
  }

  @Test
  void otherMicroBatchesHoldTheSameSequences() {
    Dataset data = data(1000);
    Batches large = new Batches(data, 6, 8, 7);
    Batches small = new Batches(data, 2, 8, 7);
    int[] parts = IntStream.range(0, 3).flatMap(i -> Arrays.stream(fill(small, 3 + i))).toArray();
    assertThat(fill(large, 1)).isEqualTo(parts);
    assertThat(large.orderHash(10)).isEqualTo(small.orderHash(30));
  }

  @Test
  void everyPlaceOfTheTrainingPartIsDrawnAndNoOther() {
    Batches batches = new Batches(data(40), 1, 8, 1); // 36 training tokens, 28 places
    long[] counts = new long[28];
    LongStream.range(0, 28_000).forEach(i -> counts[(int) batches.offset(i)]++);
    assertThat(LongStream.of(counts)).allMatch(count -> count > 800 && count < 1200);
    int last = IntStream.range(0, 1000).map(i -> fill(batches, i)[7]).max().orElseThrow();
    assertThat(last).isEqualTo(34); // its target, 35, is the last training token
  }

  @Test
  void theOrderHashTellsOrdersApart() {
    Dataset data = data(1000);
    String hash = new Batches(data, 4, 8, 42).orderHash(100);
    assertThat(hash).hasSize(64).isEqualTo(new Batches(data, 4, 8, 42).orderHash(100));
    assertThat(new Batches(data, 4, 8, 42).orderHash(101)).isNotEqualTo(hash);
    assertThat(new Batches(data, 4, 8, 41).orderHash(100)).isNotEqualTo(hash);
    assertThat(new Batches(data, 4, 9, 42).orderHash(100)).isNotEqualTo(hash);
  }

  @Test
  void aTextShorterThanOneBlockIsRefusedWithNumbers() {
    Dataset data = data(100); // 90 and 10
    assertThat(fill(new Batches(data, 3, 89, 1), 5)[0]).isZero();
    assertThatThrownBy(() -> new Batches(data, 3, 90, 1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("training part of the text has 90 tokens, but one block needs 91")
        .hasMessageContaining("shorter sequence");
    Batches batches = new Batches(data, 3, 10, 1);
    assertThatThrownBy(() -> batches.evaluation(1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("validation part of the text has 10 tokens, but one block needs 11");
  }

  @ParameterizedTest
  @CsvSource({
    "1000,2,8,3,3",
    "1000,2,8,100,6",
    "1000,1,99,5,1",
    "1000,4,40,7,1",
    "1010,1,1,9999,100"
  })
  void evaluationSpreadsOverTheValidationPart(
      int tokens, int batch, int sequence, int asked, int expected) {
    Dataset data = data(tokens);
    long train = data.manifest().trainTokens();
    Evaluation evaluation = new Batches(data, batch, sequence, 5).evaluation(asked);
    assertThat(evaluation.batches()).isEqualTo(expected);
    assertThat(evaluation.tokens()).isEqualTo((long) expected * batch * sequence);
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i < expected; i++) {
      int[] inputs = fill(evaluation, i, batch * sequence, sequence);
      for (int row = 0; row < batch; row++) {
        starts.add(inputs[row * sequence]);
      }
    }
    assertThat(starts).isSorted().doesNotHaveDuplicates();
    assertThat(starts.getFirst()).isEqualTo((int) train);
    if (starts.size() > 1) {
      assertThat(starts.getLast()).isEqualTo(tokens - 1 - sequence);
    }
    boolean fits = (data.manifest().validationTokens() - 1) / sequence >= starts.size();
    for (int i = 1; fits && i < starts.size(); i++) {
      assertThat(starts.get(i) - starts.get(i - 1)).isGreaterThanOrEqualTo(sequence);
    }
  }

  @Test
  void evaluationDoesNotDependOnTheSeedOrTheArm() {
    Dataset data = data(1000);
    Evaluation one = new Batches(data, 2, 8, 1).evaluation(4);
    Evaluation other = new Batches(data, 2, 8, 2).evaluation(4);
    for (int batch = 0; batch < 4; batch++) {
      assertThat(fill(one, batch, 16, 8)).isEqualTo(fill(other, batch, 16, 8));
    }
    assertThatThrownBy(() -> fill(one, 4, 16, 8)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void trainingEvaluationStaysInTheTrainingPart() {
    Evaluation evaluation = new Batches(data(1000), 2, 8, 1).trainingEvaluation(9999);
    assertThat(evaluation.batches()).isEqualTo(56); // 899 / 8 / 2
    int[] last = fill(evaluation, 55, 16, 8);
    assertThat(last[15]).isEqualTo(898);
  }
}
