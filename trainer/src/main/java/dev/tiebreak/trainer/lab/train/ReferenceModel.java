package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;

/** The trained model that a token gain compares with: weights only, nothing is learned. */
final class ReferenceModel {
  private ReferenceModel() {}

  /**
   * The configuration that the reference model was trained with.
   *
   * @throws UserError if its folder holds no run
   */
  static TrainConfig config(TrainConfig config) {
    Path folder = Path.of(config.gain().reference());
    if (!Files.exists(new RunFolder(folder).config())) {
      throw new UserError(
          "gain.reference: no run in " + folder + "; train the reference model there first",
          Remedy.step(Remedy.Kind.TRAIN, folder));
    }
    return ConfigBuilder.read(new RunFolder(folder).config());
  }

  /**
   * Opens the run in {@code gain.reference}.
   *
   * @param tokenizer of the training
   * @throws UserError if there is no such run, if it has another tokenizer, or if its sequences are
   *     too short
   */
  static LoadedModel open(TrainConfig config, Tokenizer tokenizer, Backend backend) {
    String folder = config.gain().reference();
    int length = config(config).model().sequenceLength();
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
