package dev.tiebreak.losses;

/** The weights of the study, as the catalogue of arms has them. */
enum Weighting {
  PRECISION("1 + s * (l - m) / (v + eps)"),
  Z("1 + s * (l - m) / (sigma + eps)"),
  LINEAR("1 + s * (l - m)"),
  TERM("n * softmax(s * l)"),
  POWER("normalise(normalise(l) ^ s)"),
  SIGMOID("2 * sigmoid(s * (l - m) / (sigma + eps))"),
  FOCAL("(1 - p) ^ s"),
  MILE("(1 + H) ^ s"),
  EXCESS_SURPRISAL("1 + s * (l - H) / (V + eps)"),
  DFT("p"),
  TOP_K("normalise(top(l, s))"),
  CONSTANT("s"),
  RHO("normalise(top(l - r, s))");

  final String formula;

  Weighting(String formula) {
    this.formula = formula;
  }

  /** Whether s is a share of the tokens. */
  boolean chooses() {
    return this == TOP_K || this == RHO;
  }
}
