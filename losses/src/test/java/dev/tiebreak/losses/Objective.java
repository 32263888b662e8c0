package dev.tiebreak.losses;

/** The objectives of the study, as the catalogue of arms has them. */
enum Objective {
  LABEL_SMOOTHING("(1 - s) * l + s * u"),
  CONFIDENCE_PENALTY("l - s * H");

  final String formula;

  Objective(String formula) {
    this.formula = formula;
  }
}
