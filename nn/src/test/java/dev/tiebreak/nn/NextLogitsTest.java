package dev.tiebreak.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.KvCache;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Generation with cached keys and values against the whole forward pass. */
class NextLogitsTest {
  private static final int[][] SPLITS = {
    {8}, {1, 1, 1, 1, 1, 1, 1, 1}, {3, 1, 1, 1, 1, 1}, {5, 3}, {1, 7}, {2, 4, 2}
  };

  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest
  @EnumSource
  void everyWayToSplitASequenceGivesTheLogitsOfTheWhole(Configs style) {
    for (int[] split : SPLITS) {
      check(style, DType.F64, split, 1e-13);
      check(style, DType.F32, split, 5e-5);
    }
  }

  private void check(Configs style, DType type, int[] split, double tolerance) {
    Gpt model = new Gpt(style.config, type, bench.kept(), 1);
    spread(model);
    Tensor tokens = bench.tokens(23, 2, 8);
    double[] whole;
    try (Tape _ = bench.infer()) {
      whole = model.logits(tokens).toDoubles(); // (2, 8, 23)
    }
    List<KvCache> caches = model.newCaches(bench.kept(), 2);
    int position = 0;
    for (int length : split) {
      double[] next;
      try (Tape _ = bench.infer()) {
        Tensor logits = model.nextLogits(tokens.slice(1, position, length).contiguous(), caches);
        assertThat(logits.shape().toArray()).containsExactly(2, 1, 23);
        next = logits.toDoubles();
      }
      position += length;
      assertThat(caches.getLast().length()).isEqualTo(position);
      double[] expected = new double[2 * 23];
      System.arraycopy(whole, (position - 1) * 23, expected, 0, 23);
      System.arraycopy(whole, (8 + position - 1) * 23, expected, 23, 23);
      assertThat(Workbench.deviation(next, expected))
          .as("%s %s after %d of %s", style, type, position, Arrays.toString(split))
          .isLessThan(tolerance);
    }
  }

  /** Larger weights than the initial ones, so that attention is far from uniform. */
  private static void spread(Gpt model) {
    for (Parameter parameter : model.parameters()) {
      for (long i = 0; i < parameter.tensor().size(); i++) {
        parameter.tensor().set(i, 10 * parameter.tensor().get(i));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFullCacheTakesNoMoreAndAClearedOneStartsOver(Configs style) {
    Gpt model = new Gpt(style.config, DType.F32, bench.kept(), 1);
    List<KvCache> caches = model.newCaches(bench.kept(), 1);
    Tensor tokens = bench.tokens(23, 1, 6);
    double[] first = next(model, tokens, caches);
    assertThatThrownBy(() -> next(model, bench.tokens(23, 1, 3), caches))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 tokens after 6 exceed the model's sequence length of 8");
    caches.forEach(KvCache::clear);
    assertThat(next(model, tokens, caches)).isEqualTo(first);
  }

  private double[] next(Gpt model, Tensor tokens, List<KvCache> caches) {
    try (Tape _ = bench.infer()) {
      return model.nextLogits(tokens, caches).toDoubles();
    }
  }

  @Test
  void cachesHoldOnlyTheKeyAndValueHeads() {
    Gpt model = new Gpt(Configs.LLAMA_ONE_KV_HEAD.config, DType.F32, bench.kept(), 1);
    List<KvCache> caches = model.newCaches(bench.kept(), 2);
    assertThat(caches).hasSize(3);
    long bytes = 2 * 8 * 6 * Float.BYTES; // B, T, one head of 6 channels
    assertThat(caches.getFirst().keys().data().byteSize()).isEqualTo(bytes);
    assertThat(caches.getFirst().values().data().byteSize()).isEqualTo(bytes);
    assertThat(caches.getFirst().capacity()).isEqualTo(8);
  }
}
