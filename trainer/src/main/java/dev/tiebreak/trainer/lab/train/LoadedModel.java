package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The model of a run folder with the weights of its last checkpoint.
 *
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
          "no run in " + folder + "; train one there first",
          Remedy.step(Remedy.Kind.TRAIN, folder));
    }
    TrainConfig config = ConfigBuilder.read(run.config());
    Tokenizer tokenizer = Tokenizer.load(run.tokenizer());
    Checkpoint checkpoint =
        run.checkpoints()
            .latest()
            .orElseThrow(() ->
                new UserError(
                    "the run in "
                        + folder
                        + " has no checkpoint yet; let it train longer, or resume it",
                    Remedy.step(Remedy.Kind.RESUME, folder)));
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
