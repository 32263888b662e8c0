package dev.tiebreak.trainer.lab.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.tokenizer.TextPieces;
import dev.tiebreak.trainer.lab.tokenizer.Tokenizer;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
  private static final int LENGTH = 12; // of the context
  private static final Tokenizer BYTES = tokenizer("bytes", "");

  private final CpuBackend backend = CpuBackend.withoutBlas(1);
  private final Scope scope = backend.newScope("model");

  @AfterEach
  void close() {
    scope.close();
    backend.close();
  }

  private static Tokenizer tokenizer(String spec, String text) {
    return TokenizerSpec.parse(spec).train(TextPieces.of(text), status -> {});
  }

  private static Sampling greedy(int tokens) {
    return new Sampling(0, 0, 1, tokens, 1);
  }

  private static Sampling random(int tokens) {
    return new Sampling(1, 0, 1, tokens, 1);
  }

  private static int[] complete(Gpt model, Tokenizer tokenizer, String prompt, Sampling sampling) {
    try (Generator generator = new Generator(model, tokenizer)) {
      return generator.complete(prompt, 0, 0, sampling, _ -> {});
    }
  }

  /** The definition: all tokens of the window through the whole model, for each new token. */
  private int[] withoutCache(Gpt model, String prompt, int tokens) {
    IntArrayList context = IntArrayList.wrap(BYTES.encode(prompt));
    int start = context.size();
    int window = Math.max(0, start - LENGTH);
    try (Scope step = backend.newScope("step")) {
      for (int i = 0; i < tokens; i++) {
        if (context.size() - window > LENGTH) {
          window = context.size() - LENGTH / 2;
        }
        int[] seen = Arrays.copyOfRange(context.elements(), window, context.size());
        try (Tape _ = Tape.inference(step)) {
          double[] logits = model.logits(step.of(seen, 1, seen.length)).toDoubles();
          int vocabulary = model.config().vocabulary();
          context.add(
              likeliest(Arrays.copyOfRange(logits, logits.length - vocabulary, logits.length)));
        }
      }
    }
    return context.subList(start, context.size()).toIntArray();
  }

  private static int likeliest(double[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  @ParameterizedTest
  @EnumSource
  void theCacheChangesNothingBeforeAndAfterTheContextIsFull(Style style) {
    Gpt model = style.model(256, LENGTH, scope);
    for (String prompt : new String[] {"a", "ab c", "exactly one!", "longer than the context"}) {
      int[] tokens = complete(model, BYTES, prompt, greedy(5 * LENGTH));
      assertThat(tokens)
          .hasSize(5 * LENGTH)
          .containsExactly(withoutCache(model, prompt, 5 * LENGTH));
      assertThat(Arrays.stream(tokens).distinct().count()).as("no constant").isGreaterThan(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofALongPromptTheEndCounts(Style style) {
    Gpt model = style.model(256, LENGTH, scope);
    String end = "twelve bytes";
    assertThat(complete(model, BYTES, "some text before " + end, random(30)))
        .containsExactly(complete(model, BYTES, end, random(30)))
        .isNotEqualTo(complete(model, BYTES, "Twelve bytes", random(30)));
  }

  @Test
  void aContextOfOneTokenSuffices() {
    Gpt model = Style.GPT2.model(256, 1, scope);
    assertThat(complete(model, BYTES, "ab", greedy(9))).hasSize(9);
  }

  @Test
  void paddingOfTheVocabularyIsNeverSampled() {
    Gpt model = Style.LLAMA.model(320, LENGTH, scope);
    Sampling uniform = new Sampling(1e6, 0, 1, 400, 1);
    int[] tokens = complete(model, BYTES, "a", uniform);
    assertThat(tokens).hasSize(400);
    assertThat(Arrays.stream(tokens).max().orElseThrow()).isBetween(240, 255);
  }

  @ParameterizedTest
  @EnumSource
  void otherPromptsBeforeMakeNoDifference(Style style) {
    Gpt model = style.model(256, LENGTH, scope);
    int[] first;
    int[] second;
    try (Generator generator = new Generator(model, BYTES)) {
      first = generator.complete("one", 0, 0, random(40), _ -> {});
      second = generator.complete("two", 1, 0, random(40), _ -> {});
    }
    try (Generator generator = new Generator(model, BYTES)) {
      assertThat(generator.complete("two", 1, 0, random(40), _ -> {})).containsExactly(second);
      assertThat(generator.complete("one", 0, 0, random(40), _ -> {})).containsExactly(first);
    }
  }

  @Test
  void seedPromptNumberAndSampleDecideTheText() {
    Gpt model = Style.GPT2.model(256, LENGTH, scope);
    Sampling otherSeed = new Sampling(1, 0, 1, 40, 2);
    try (Generator generator = new Generator(model, BYTES)) {
      int[] text = generator.complete("a", 0, 0, random(40), _ -> {});
      assertThat(generator.complete("a", 0, 0, random(40), _ -> {})).containsExactly(text);
      assertThat(generator.complete("a", 0, 0, otherSeed, _ -> {})).isNotEqualTo(text);
      assertThat(generator.complete("a", 0, 1, random(40), _ -> {})).isNotEqualTo(text);
      assertThat(generator.complete("a", 1, 0, random(40), _ -> {})).isNotEqualTo(text);
      assertThat(generator.complete("a", 0, 0, random(10), _ -> {}))
          .as("fewer tokens are the start of more")
          .containsExactly(Arrays.copyOf(text, 10));
    }
  }

  @Test
  void tokensAreToldAsTheyAreChosen() {
    Gpt model = Style.GPT2.model(256, LENGTH, scope);
    IntArrayList told = new IntArrayList();
    try (Generator generator = new Generator(model, BYTES)) {
      int[] tokens = generator.complete("a", 0, 0, random(20), told::add);
      assertThat(told.toIntArray()).containsExactly(tokens);
    }
  }

  @Test
  void endOfTextEndsTheTextAndIsNotPartOfIt() {
    Tokenizer gpt2 = tokenizer("gpt2", "");
    int end = gpt2.endOfText().orElseThrow();
    Gpt model = Style.GPT2.model(gpt2.vocabularySize(), LENGTH, scope);
    assertThat(complete(model, gpt2, "Hello", greedy(5))).hasSize(5);
    alwaysAnswer(model, end);
    assertThat(complete(model, gpt2, "Hello", greedy(5))).isEmpty();
    alwaysAnswer(model, 17);
    assertThat(complete(model, gpt2, "Hello", greedy(5))).containsExactly(17, 17, 17, 17, 17);
  }

  /** Makes the final norm put out ones, and the head's row of one token agree with that best. */
  private static void alwaysAnswer(Gpt model, int token) {
    for (Parameter parameter : model.parameters()) {
      Tensor tensor = parameter.tensor();
      int width = tensor.dim(tensor.shape().rank() - 1);
      for (long i = 0; i < tensor.size(); i++) {
        switch (parameter.name()) {
          case "final_norm.weight" -> tensor.set(i, 0);
          case "final_norm.bias" -> tensor.set(i, 1);
          case "token_embedding.weight" -> tensor.set(i, i / width == token ? 1 : 0);
          default -> {}
        }
      }
    }
  }

  @Test
  void promptsThatCannotBeContinuedAreRefused() {
    Gpt model = Style.GPT2.model(256, LENGTH, scope);
    assertThatThrownBy(() -> complete(model, BYTES, "", greedy(1)))
        .isInstanceOf(UserError.class)
        .hasMessage("the prompt is empty; give at least one character to continue");
    Tokenizer chars = tokenizer("chars", "abc ");
    Gpt small = Style.GPT2.model(chars.vocabularySize(), LENGTH, scope);
    assertThatThrownBy(() -> complete(small, chars, "cab ride", greedy(1)))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("the character 'r' (U+0072) does not occur in the training text");
    assertThatThrownBy(() -> Generator.check(chars, "cab ride")).isInstanceOf(UserError.class);
    assertThatThrownBy(() -> Generator.check(chars, "")).isInstanceOf(UserError.class);
    Generator.check(chars, "cab");
    assertThat(complete(small, chars, "cab", greedy(20))).hasSize(20);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void damagedWeightsAreSaidNotSampled(double damage) {
    Gpt model = Style.GPT2.model(256, LENGTH, scope);
    model.parameters().getLast().tensor().set(0, damage);
    assertThatThrownBy(() -> complete(model, BYTES, "a", random(5)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("its weights are damaged");
  }
}
