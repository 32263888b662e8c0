package dev.tiebreak.trainer.base;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.lab.config.OptimizerConfig.Schedule;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {
  @Test
  void javaNamesBecomeSnakeCase() {
    assertThat(Names.snakeCase("lr")).isEqualTo("lr");
    assertThat(Names.snakeCase("sequenceLength")).isEqualTo("sequence_length");
    assertThat(Names.snakeCase("beta1")).isEqualTo("beta1");
    assertThat(Names.snakeCase("minLr")).isEqualTo("min_lr");
  }

  @Test
  void choicesAreListedInWords() {
    assertThat(Names.choices(Schedule.class)).isEqualTo("\"cosine\", \"wsd\" or \"constant\"");
  }

  @Test
  void theDistanceCountsEdits() {
    assertThat(Names.distance("", "abc")).isEqualTo(3);
    assertThat(Names.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Names.distance("lr", "lr")).isZero();
    assertThat(Names.distance("ab", "ba")).isEqualTo(2);
  }

  @Test
  void theNearestNameIsFoundAndAFarOneIsNot() {
    List<String> known = List.of("optimizer.lr", "optimizer.min_lr", "model.layers");
    assertThat(Names.nearest("optimiser.lr", known)).contains("optimizer.lr");
    assertThat(Names.nearest("model.layer", known)).contains("model.layers");
    assertThat(Names.nearest("min_lr", known)).contains("optimizer.min_lr");
    assertThat(Names.nearest("judge.people", known)).isEmpty();
  }
}
