package dev.tiebreak.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorTest {
  @Test
  void theReportNamesEverythingThatMatters() {
    Cli cli = Cli.run("doctor", "--threads", "1");
    assertThat(cli.code()).isZero();
    assertThat(cli.out())
        .contains("Java  ", Runtime.version().toString(), System.getProperty("java.home"))
        .contains("Native access", "Processor", "GPU", "Memory", "Disk", "BLAS  ", "1 threads")
        .containsPattern("Speed +[0-9]+ GFLOP/s")
        .doesNotContain("\u001B");
  }

  @Test
  void aBrokenLibraryIsReportedWithTheReasonAndTheRemedy() throws Exception {
    String absent = "/absent/libopenblas.so";
    Cli cli = Cli.start(List.of("-Dtiebreak.openblas=" + absent), "doctor", "--threads", "1");
    assertThat(cli.code()).isZero();
    assertThat(cli.out())
        .contains("BLAS           none: matrix products run in plain Java")
        .contains("! the system property tiebreak.openblas names no readable file: " + absent)
        .contains("or unset it to use the library that comes along")
        .containsPattern("Speed +[0-9]+ GFLOP/s");
  }
}
