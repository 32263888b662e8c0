package dev.tiebreak.trainer.lab.examine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.train.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExaminerTest {
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

  /** All logits as doubles, and their targets. */
  private record Logits(List<double[]> rows, List<Integer> targets) {
    double loss(int i, double temperature) {
      return logSumExp(rows.get(i), temperature) - rows.get(i)[targets.get(i)] / temperature;
    }

    double entropy(int i, double temperature) {
      double lse = logSumExp(rows.get(i), temperature);
      return Arrays.stream(rows.get(i))
          .map(x -> x / temperature - lse)
          .map(logP -> -Math.exp(logP) * logP)
          .sum();
    }

    double mean(double temperature) {
      double sum = 0;
      for (int i = 0; i < rows.size(); i++) {
        sum += loss(i, temperature);
      }
      return sum / rows.size();
    }

    private static double logSumExp(double[] x, double temperature) {
      double max = Arrays.stream(x).max().orElseThrow();
      return max / temperature
          + Math.log(Arrays.stream(x).map(v -> Math.exp((v - max) / temperature)).sum());
    }
  }

  private Logits logits() {
    Logits all = new Logits(new ArrayList<>(), new ArrayList<>());
    EvaluationPass.over(
        trained.model(),
        trained.evaluation,
        (_, logits, batch) -> {
          double[] values = logits.toDoubles();
          int vocabulary = logits.dim(-1);
          for (int i = 0; i < batch.targets().size(); i++) {
            all.rows.add(Arrays.copyOfRange(values, i * vocabulary, (i + 1) * vocabulary));
            all.targets.add(batch.targets().getInt(i));
          }
        });
    return all;
  }

  private static double minimum(DoubleUnaryOperator f) {
    double low = Math.log(0.4);
    double high = Math.log(2.5);
    while (high - low > 1e-6) { // ternary search
      double a = low + (high - low) / 3;
      double b = high - (high - low) / 3;
      if (f.applyAsDouble(Math.exp(a)) < f.applyAsDouble(Math.exp(b))) {
        high = b;
      } else {
        low = a;
      }
    }
    return Math.exp((low + high) / 2);
  }

  @Test
  void everyNumberIsWhatItsDefinitionGivesInDouble() {
    Logits logits = logits();
    int n = logits.rows.size();
    double[] losses = new double[n];
    double[] confidence = new double[n];
    boolean[] right = new boolean[n];
    double entropy = 0;
    int correct = 0;
    for (int i = 0; i < n; i++) {
      losses[i] = logits.loss(i, 1);
      entropy += logits.entropy(i, 1) / n;
      double[] x = logits.rows.get(i);
      double max = Arrays.stream(x).max().orElseThrow();
      confidence[i] = Math.exp(max - Logits.logSumExp(x, 1));
      right[i] = x[logits.targets.get(i)] == max;
      correct += right[i] ? 1 : 0;
    }
    double mean = Arrays.stream(losses).average().orElseThrow();
    double variance = Arrays.stream(losses).map(l -> (l - mean) * (l - mean)).sum() / n;
    double third = Arrays.stream(losses).map(l -> Math.pow(l - mean, 3)).sum() / n;
    double best = minimum(logits::mean);

    Examination found = trained.examine().examination();

    assertThat(found.tokens()).isEqualTo(n).isEqualTo(trained.evaluation.tokens());
    assertThat(found.loss()).isCloseTo(mean, within(1e-5));
    assertThat(found.variance()).isCloseTo(variance, within(1e-4));
    assertThat(found.skew()).isCloseTo(third / Math.pow(variance, 1.5), within(1e-4));
    Arrays.sort(losses);
    assertThat(found.median()).isCloseTo(losses[n / 2 - 1], within(1e-5));
    assertThat(found.p99()).isCloseTo(losses[(int) Math.ceil(0.99 * n) - 1], within(1e-5));
    assertThat(found.entropy()).isCloseTo(entropy, within(1e-5));
    assertThat(found.accuracy()).isEqualTo((double) correct / n).isBetween(0.05, 0.95);
    assertThat(found.calibrationError())
        .isCloseTo(Calibration.error(confidence, right), within(1e-5));
    assertThat(found.temperatureAtEdge()).isFalse();
    assertThat(found.temperature()).isCloseTo(best, within(1e-3));
    assertThat(found.lossAtTemperature()).isCloseTo(logits.mean(best), within(1e-5));
    for (List<Double> deciles : List.of(found.lossByFrequency(), found.lossByDifficulty())) {
      assertThat(deciles).hasSize(10);
    }
  }

  @Test
  void theLossIsTheValidationLossOfTheRun() {
    double loss = RunSummary.load(trained.run.resolve("summary.json")).valLoss();
    assertThat(trained.examine().examination().loss()).isCloseTo(loss, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.8, 1.3})
  void logitsTimesAFactorFitAtThatManyTimesTheTemperature(double factor) {
    Examination before = trained.examine().examination();
    trained.scaleLogits(factor);
    Examination after = trained.examine().examination();
    assertThat(after.temperature() / before.temperature()).isCloseTo(factor, within(1e-3));
    assertThat(after.lossAtTemperature()).isCloseTo(before.lossAtTemperature(), within(1e-5));
    assertThat(after.accuracy()).isEqualTo(before.accuracy());
  }

  @Test
  void atTheBestTemperatureTheEntropyIsTheLoss() {
    Examination found = trained.examine().examination();
    double entropy =
        EntropyMatch.meanEntropy(trained.model(), trained.evaluation, found.temperature());
    assertThat(entropy).isCloseTo(found.lossAtTemperature(), within(1e-3));
  }

  @Test
  void anExaminationReadsBackFromItsJson() throws IOException {
    Examination found = trained.examine().examination();
    Path file = folder.resolve("x.json");
    Examination.FORMAT.write(file, found);
    assertThat(Examination.load(file)).isEqualTo(found);
    assertThat(Files.readString(file)).isEqualTo(Examination.FORMAT.text(found)).endsWith("}\n");
    Files.writeString(file, "{\"tokens\":3}");
    assertThatThrownBy(() -> Examination.load(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void theTokensAreThoseOfTheEvaluationAndReadBack() throws IOException {
    ValidationTokens tokens = trained.examine().tokens();
    assertThat(tokens.windows()).isEqualTo(4 * 3);
    assertThat(tokens.length()).isEqualTo(16);
    assertThat(Arrays.stream(tokens.targets()).boxed()).isEqualTo(logits().targets());
    Path file = folder.resolve("x.safetensors");
    tokens.write(file);
    ValidationTokens again = ValidationTokens.load(file);
    assertThat(again).usingRecursiveComparison().isEqualTo(tokens);
    Path second = folder.resolve("y.safetensors");
    again.write(second);
    assertThat(second).hasSameBinaryContentAs(file);
  }
}
