package dev.tiebreak.trainer.evidence.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.evidence.document.Html;
import dev.tiebreak.trainer.evidence.document.Plain;
import dev.tiebreak.trainer.evidence.report.PublishedTotals.Count;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The published totals against what was worked out from them before, by another program. */
class PublishedReportTest {
  private static final Report REPORT = new PublishedReport(150_000, 10_000, 3).make(_ -> {});

  @Test
  void roundedTotalsStandForTheseWholeNumbers() {
    assertThat(PublishedTotals.finals()).containsExactly(new Count(470, 784));
    assertThat(PublishedTotals.interims(false)).contains(new Count(161, 254));
    assertThat(PublishedTotals.interims(true)).isEmpty();
    assertThat(PublishedTotals.splits())
        .hasSize(11)
        .contains(
            new PublishedTotals.Split(new Count(287, 474), new Count(183, 310)),
            new PublishedTotals.Split(new Count(312, 516), new Count(158, 268)));
    assertThat(new Count(470, 784).exactP()).isCloseTo(2.8015e-8, within(1e-12));
    assertThat(new Count(161, 254).normalP()).isCloseTo(1.98386e-5, within(1e-10));
    assertThat(new Count(161, 254).exactP()).isCloseTo(2.3625e-5, within(1e-9));
  }

  private static List<Object> row(String table, int row) {
    return REPORT.document().table(table).rows().get(row).cells();
  }

  private static void is(int row, double median, double low, double high, double error) {
    List<Object> cells = row("published_reconstruction", row);
    assertThat((double) cells.get(1)).as(cells.toString()).isCloseTo(median, within(error));
    assertThat((double) cells.get(2)).as(cells.toString()).isCloseTo(low, within(1.5 * error));
    assertThat((double) cells.get(3)).as(cells.toString()).isCloseTo(high, within(2.5 * error));
  }

  @Test
  void promptsDifferAsMuchAsWasWorkedOut() {
    is(0, 0.24, 0.18, 0.31, 0.012);
    is(1, 7.1, 4.8, 10.2, 0.4);
    is(4, 0.04, 0.011, 0.098, 0.006);
    assertThat((double) row("published_reconstruction", 3).get(1)).isCloseTo(0.047, within(2e-3));
    assertThat((double) row("published_reconstruction", 5).get(1)).isBetween(19.0, 22.0);
  }

  @Test
  void theNaiveTestRejectsFarTooOftenAndTheClusteredDoesNot() {
    assertThat((double) row("published_null", 0).get(1)).isCloseTo(0.447, within(0.03));
    assertThat((double) row("published_null", 1).get(1)).isCloseTo(0.052, within(0.01));
    assertThat((double) row("published_null", 2).get(1)).isCloseTo(0.029, within(0.01));
  }

  @Test
  void itSaysThatItIsAReconstruction() {
    assertThat(REPORT.verdict().outcome().toString()).contains("reconstruction");
    assertThat(Html.of(REPORT.document()))
        .contains("reconstruction from rounded totals")
        .doesNotContain("NaN");
    assertThat(Plain.of(REPORT.glance()))
        .contains("470 of 784 decisive votes (59.9 %), 397 ties of 1,181, p = 2.8e-08 (naive)")
        .satisfies(text -> assertThat(text.lines()).allMatch(line -> line.length() <= 100));
  }
}
