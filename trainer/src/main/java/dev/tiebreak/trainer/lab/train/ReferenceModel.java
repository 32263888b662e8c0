package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.tokenizer.Tokenizer;
import java.nio.file.Path;

/** The trained model that a token gain compares with: weights only, nothing is learned. */
final class ReferenceModel {
  private ReferenceModel() {}

  /**
   * Opens the run in {@code gain.reference}.
   *
   * @param tokenizer of the training
   * @throws UserError if there is no such run, if it has another tokenizer, or if its sequences are
   *     too short
   */
  static LoadedModel open(TrainConfig config, Tokenizer tokenizer, Backend backend) {
    String folder = config.gain().reference();
    int length = config.gain().referenceConfig().model().sequenceLength();
    if (length < config.model().sequenceLength()) {
      throw new UserError(
          Words.of(
              "gain.reference: the model in %s reads %d tokens, model.sequence_length is %d; use a reference with sequences as long, or shorter ones here",
              folder, length, config.model().sequenceLength()));
    }
    LoadedModel reference = LoadedModel.open(Path.of(folder), backend);
    if (!reference.tokenizer().toJson().equals(tokenizer.toJson())) {
      reference.close();
      throw new UserError(
          Words.of(
              "gain.reference: the model in %s has another tokenizer than this training; train the reference on the same text with the same data.tokenizer",
              folder));
    }
    return reference;
  }
}
