package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.evidence.document.Figure;
import dev.tiebreak.trainer.evidence.document.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Makes the report about a table of votes. */
public final class VoteReport {
  private VoteReport() {}

  /**
   * Analyses votes.
   *
   * @param rules how
   * @param progress told what is being done
   * @throws UserError if there is nothing to analyse, the key is not the votes', or it is unclear
   *     which arm is the treatment
   */
  public static Report of(ReportInput input, Rules rules, Consumer<String> progress) {
    Analysis analysis = Analysis.of(input, rules, progress);
    progress.accept("writing sections");
    List<Section> sections = new ArrayList<>();
    sections.add(OverviewSection.of(analysis));
    sections.add(EstimateSection.of(analysis));
    sections.add(ComparisonSection.of(analysis));
    sections.add(NullSection.of(analysis));
    sections.add(ClusterSection.of(analysis));
    sections.add(PositionSection.of(analysis));
    sections.add(InfluenceSection.of(analysis));
    sections.add(AgreementSection.of(analysis));
    sections.add(LengthSection.of(analysis));
    sections.add(TimeSection.of(analysis));
    sections.add(DesignSection.of(analysis));
    if (!input.trainings().isEmpty()) {
      sections.add(trainings(input.trainings()));
    }
    return Report.of(
        input.title(),
        input.source(),
        VerdictRule.of(analysis),
        Glance.of(analysis),
        settings(rules),
        sections);
  }

  /** Figures about the trainings, where the study's runs are at hand. */
  private static Section trainings(List<Figure> figures) {
    return Section.of("trainings", "The trainings behind the texts")
        .text(
            "Do losses tie? The margin was fixed by the plan. Dashed lines in differences, and the"
                + " shaded band, are this margin.")
        .add(figures.toArray(Figure[]::new))
        .build();
  }

  private static Map<String, Object> settings(Rules rules) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put(
        "rules", rules.planned() ? "those of the plan" : "the usual ones; no plan was given");
    settings.put(Report.SEED, rules.seed());
    settings.put("bootstrap_resamples", rules.resamples());
    settings.put("sign_flip_patterns", rules.flips());
    settings.put("alpha", rules.alpha());
    settings.put("smallest_effect", rules.smallestEffect());
    settings.put("gate", rules.gate());
    settings.put("holm", String.join(", ", rules.holm()));
    settings.put("least_seconds", rules.judging().leastSeconds());
    settings.put("least_ms_per_word", rules.judging().leastMsPerWord());
    settings.put("most_one_side", rules.judging().mostOneSide());
    settings.put("most_ties", rules.judging().mostTies());
    return settings;
  }
}
