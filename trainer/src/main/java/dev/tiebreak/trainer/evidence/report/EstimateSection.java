package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import java.util.List;

/** All estimates of the comparison that is tested first, by each kind of judges. */
final class EstimateSection {
  private EstimateSection() {}

  static Section of(Analysis analysis) {
    Stratum primary = analysis.primary();
    String level = analysis.rules().percentLevel();
    Section.Builder section =
        Section.of("estimates", "How strongly: " + primary.words())
            .text(
                "Every way to look at the same votes. Those above the naive ones allow for votes that share a"
                    + " judge, a prompt or a pair of models, as nearly all do. Intervals are of "
                    + level
                    + " %.");
    add(section, primary, "estimates");
    for (Stratum one : analysis.strata()) {
      if (one.comparison() == primary.comparison() && one != primary) {
        section.text("The same comparison as judged by " + Stratum.judges(one.kind()) + ":");
        add(section, one, "estimates_" + one.kind().label());
      }
    }
    return section.build();
  }

  private static void add(Section.Builder section, Stratum stratum, String id) {
    List<Estimate> estimates = stratum.estimates();
    Table digits = EstimateTable.digits(id + "_digits", estimates);
    section.figure(
        "forest-" + id,
        "All estimates of one preference. Where naive intervals are much narrower than the others,"
            + " votes are not independent.",
        EstimateTable.forest("Preference for " + stratum.comparison().treatment(), estimates),
        digits);
    section.add(EstimateTable.of(id, "Estimates, " + Stratum.judges(stratum.kind()), estimates));
  }
}
