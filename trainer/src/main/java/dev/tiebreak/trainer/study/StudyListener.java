package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.lab.train.TrainListener;

/** Is told how the trainings of a study go, from several threads: what it does must be quick. */
public interface StudyListener {
  /** Hears nothing. */
  StudyListener NONE = new StudyListener() {};

  /** A training is about to begin or to go on; what is returned is told how it goes. */
  default TrainListener training(RunId run) {
    return TrainListener.NONE;
  }

  /** A run's turn is over, for this time at least. */
  default void ended(RunEnd end) {}
}
