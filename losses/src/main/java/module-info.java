/** The subject of the study: token gains and layer scalings. */
module dev.tiebreak.losses {
  requires transitive dev.tiebreak.nn;

  exports dev.tiebreak.losses;
  exports dev.tiebreak.losses.formula;
}
