package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.evidence.document.Figure;
import dev.tiebreak.trainer.evidence.document.Section;
import java.util.List;

/** Figures about the trainings, where the study's runs are at hand. */
final class TrainingSection {
  private TrainingSection() {}

  static Section of(List<Figure> figures) {
    Section.Builder section =
        Section.of("trainings", "The trainings behind the texts")
            .text(
                "Do losses tie? The margin was fixed by the plan. Dashed lines in differences, and the"
                    + " shaded band, are this margin.");
    figures.forEach(section::add);
    return section.build();
  }
}
