package dev.tiebreak.trainer.evidence.report;

import java.util.Map;

/** Figures about the trainings, where the study's runs are at hand. */
final class TrainingSection {
  private TrainingSection() {}

  static Section of(Map<String, String> figures) {
    Section.Builder section =
        Section.of("trainings", "The trainings behind the texts")
            .text(
                "Do losses tie? The margin was fixed by the plan. Dashed lines in differences, and the"
                    + " shaded band, are this margin.");
    int number = 1;
    for (Map.Entry<String, String> one : figures.entrySet()) {
      section.add(new Block.Picture("training-" + number++, one.getKey(), one.getValue(), ""));
    }
    return section.build();
  }
}
