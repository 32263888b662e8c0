package dev.tiebreak.trainer.lab.examine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.base.UserError;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntropyMatchTest {
  @TempDir Path folder;

  private TrainedModel trained;

  @BeforeEach
  void train() {
    trained = new TrainedModel(folder, "run", 80);
  }

  @AfterEach
  void close() {
    trained.close();
  }

  private double entropy(double temperature) {
    return EntropyMatch.meanEntropy(trained.model(), trained.evaluation, temperature);
  }

  private double temperature(double entropy) {
    return EntropyMatch.temperatureFor(trained.model(), trained.evaluation, entropy);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.8, 1, 1.07, 1.4})
  void theTemperatureOfAnEntropyGivesThatEntropy(double wanted) {
    double entropy = entropy(wanted);
    double found = temperature(entropy);
    assertThat(entropy(found)).isCloseTo(entropy, within(EntropyMatch.TOLERANCE));
    assertThat(found).isCloseTo(wanted, within(0.01 * wanted));
  }

  @Test
  void aHotterModelIsMatchedByTheTemperatureThatCoolsIt() {
    double before = entropy(0.8);
    trained.scaleLogits(0.9);
    assertThat(temperature(before)).isCloseTo(0.72, within(0.005));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 6, Double.NaN})
  void anEntropyThatNoTemperatureGivesIsRefused(double entropy) { // log 256 = 5.55
    assertThatThrownBy(() -> temperature(entropy))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no temperature from 0.0625 to 16.0");
  }

  @Test
  void aBrokenModelIsSaid() {
    trained.scaleLogits(Double.NaN);
    assertThatThrownBy(() -> temperature(1)).hasMessageContaining("not finite");
  }
}
