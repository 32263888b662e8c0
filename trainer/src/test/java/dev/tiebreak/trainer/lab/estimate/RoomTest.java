package dev.tiebreak.trainer.lab.estimate;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoomTest {
  /** A plan of 5 bytes and 10 for each sequence of the micro-batch. */
  private static void require(int batch, OptionalLong total) {
    Room.require(size -> 5_000_000_000L + size * 10_000_000_000L, batch, total, "the GPU");
  }

  @Test
  void whatFitsAndWhatIsUnknownPasses() {
    assertThatCode(() -> require(3, OptionalLong.of(35_000_000_000L))).doesNotThrowAnyException();
    assertThatCode(() -> require(1000, OptionalLong.empty())).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"34999999999, 2", "25000000000, 2", "24999999999, 1", "15000000000, 1"})
  void whatDoesNotFitIsRefusedWithTheLargestBatchThatDoes(long total, int largest) {
    assertThatThrownBy(() -> require(3, OptionalLong.of(total)))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            "this training needs 35 GB of memory with training.batch=3 and the GPU")
        .hasMessageContaining("the largest that fits is training.batch=" + largest + ";");
  }

  @Test
  void whatDoesNotFitAtAllIsSaidSo() {
    assertThatThrownBy(() -> require(3, OptionalLong.of(14_999_999_999L)))
        .hasMessageContaining(
            "the GPU has 15 GB; not even training.batch=1 fits: choose a smaller");
  }
}
