/** Layers, the GPT, optimizers, schedules, initialisation. Knows no data and no files. */
module dev.tiebreak.nn {
  requires transitive dev.tiebreak.tensor;

  exports dev.tiebreak.nn;
}
