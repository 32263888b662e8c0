package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.trainer.base.Shell;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The model of a run folder with the weights of its last checkpoint.
 *
 * @param model ready to use
 * @param tokenizer the one it was trained with
 * @param step optimizer steps behind the weights
 * @param scope owns the weights
 */
public record LoadedModel(Gpt model, Tokenizer tokenizer, long step, Scope scope)
    implements AutoCloseable {

  /**
   * Loads a run.
   *
   * @throws UserError if the folder holds no run, or no checkpoint yet, or damaged files
   */
  public static LoadedModel open(Path folder, Backend backend) {
    RunFolder run = new RunFolder(folder);
    if (!Files.exists(run.config())) {
      throw new UserError(
          Words.of(
              "no run in %s; train one with: tiebreak train --preset quick --run %s",
              folder, Shell.word(folder)));
    }
    TrainConfig config = ConfigBuilder.read(run.config());
    Tokenizer tokenizer = Tokenizer.load(run.tokenizer());
    Checkpoint checkpoint =
        run.checkpoints()
            .latest()
            .orElseThrow(() ->
                new UserError(
                    Words.of(
                        "the run in %s has no checkpoint yet; let it train longer, or go on with: tiebreak train --run %s --resume",
                        folder, Shell.word(folder))));
    Scope scope = backend.newScope("model");
    try {
      Gpt model = initial(config, tokenizer.vocabularySize(), scope);
      checkpoint.readWeights(model.parameters());
      return new LoadedModel(model, tokenizer, checkpoint.step(), scope);
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  /** The model of a configuration with its initial weights. */
  static Gpt initial(TrainConfig config, int vocabulary, Scope scope) {
    return new Gpt(
        config.model().gpt(vocabulary),
        config.training().precision().on(scope.backend()),
        scope,
        config.training().seed());
  }

  /** Gives the weights' memory back. */
  @Override
  public void close() {
    scope.close();
  }
}
