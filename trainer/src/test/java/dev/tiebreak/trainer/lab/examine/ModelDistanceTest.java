package dev.tiebreak.trainer.lab.examine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.train.LoadedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDistanceTest {
  @TempDir Path folder;

  private TrainedModel trained;
  private LoadedModel copy;

  @BeforeEach
  void train() {
    trained = new TrainedModel(folder, "run", 40);
    copy = LoadedModel.open(trained.run, trained.cpu);
  }

  @AfterEach
  void close() {
    copy.close();
    trained.close();
  }

  private ModelDistance distance() {
    return ModelDistance.between(trained.model(), copy.model(), trained.evaluation);
  }

  @Test
  void aModelIsNoDistanceFromItself() {
    assertThat(distance().weights()).isZero();
    assertThat(distance().blocks()).containsOnly(0.0);
    assertThat(distance().divergence()).isZero();
  }

  @Test
  void aBlockThatIsATenthLargerIsATenthAway() {
    trained
        .model()
        .blockParameters(1)
        .forEach(parameter -> {
          for (long i = 0; i < parameter.tensor().size(); i++) {
            parameter.tensor().set(i, 1.1 * parameter.tensor().get(i));
          }
        });
    double block = 0;
    double all = 0;
    for (var parameter : copy.model().parameters()) {
      double norm = 0;
      for (double weight : parameter.tensor().toDoubles()) {
        norm += weight * weight;
      }
      all += norm;
      block += parameter.name().startsWith("blocks.1.") ? norm : 0;
    }
    ModelDistance distance = distance();
    assertThat(distance.blocks().get(0)).isZero();
    assertThat(distance.blocks().get(1)).isCloseTo(0.1, within(1e-6));
    assertThat(distance.weights()).isCloseTo(0.1 * Math.sqrt(block / all), within(1e-6));
    assertThat(distance.divergence()).isPositive();
  }

  /** The logits of a model in double, one row per token. */
  private List<double[]> logProbabilities(Gpt model) {
    List<double[]> rows = new ArrayList<>();
    EvaluationPass.over(
        model,
        trained.evaluation,
        (_, logits, _) -> {
          double[] all = logits.toDoubles();
          int n = logits.dim(-1);
          for (int start = 0; start < all.length; start += n) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
              sum += Math.exp(all[start + j]);
            }
            double[] row = new double[n];
            for (int j = 0; j < n; j++) {
              row[j] = all[start + j] - Math.log(sum);
            }
            rows.add(row);
          }
        });
    return rows;
  }

  @Test
  void theDivergenceOfPredictionsIsTheirMeanKl() {
    trained.scaleLogits(1.5);
    List<double[]> a = logProbabilities(trained.model());
    List<double[]> b = logProbabilities(copy.model());
    double sum = 0;
    for (int i = 0; i < a.size(); i++) {
      for (int j = 0; j < a.get(i).length; j++) {
        sum += Math.exp(b.get(i)[j]) * (b.get(i)[j] - a.get(i)[j]);
      }
    }
    double expected = sum / a.size();
    assertThat(expected).isGreaterThan(0.01);
    assertThat(distance().divergence()).isCloseTo(expected, within(1e-5));
  }

  @Test
  void modelsOfOtherShapesAreNotCompared() {
    Gpt wider = new Gpt(trained.config.model().gpt(300), DType.F32, trained.kept, 1);
    assertThatThrownBy(() -> ModelDistance.between(wider, copy.model(), trained.evaluation))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("different shapes");
  }
}
