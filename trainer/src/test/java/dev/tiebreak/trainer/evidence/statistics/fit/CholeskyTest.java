package dev.tiebreak.trainer.evidence.statistics.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.evidence.statistics.Randomness;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CholeskyTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 9, 22})
  void theFactorGivesBackTheMatrixAndItsSolutions(int size) {
    RandomGenerator random = Randomness.of(size);
    double[][] half = new double[size][size + 1];
    double[][] matrix = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int k = 0; k <= size; k++) {
        half[i][k] = random.nextGaussian();
      }
      for (int j = 0; j <= i; j++) {
        for (int k = 0; k <= size; k++) {
          matrix[i][j] += half[i][k] * half[j][k];
        }
        matrix[j][i] = matrix[i][j];
      }
    }
    double[][] factor = new double[size][];
    for (int i = 0; i < size; i++) {
      factor[i] = matrix[i].clone();
    }
    assertThat(Cholesky.factor(factor, size)).isTrue();
    double[][] inverse = Cholesky.inverse(factor);
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        double product = 0;
        for (int k = 0; k < size; k++) {
          product += matrix[i][k] * inverse[k][j];
        }
        assertThat(product).isCloseTo(i == j ? 1 : 0, within(1e-6));
      }
    }
    matrix[size - 1][size - 1] = -1;
    assertThat(Cholesky.factor(matrix, size)).isFalse();
  }
}
