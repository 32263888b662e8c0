package dev.tiebreak.trainer.lab.examine;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Batches;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.data.Evaluation;
import dev.tiebreak.trainer.lab.data.Holdout;
import dev.tiebreak.trainer.lab.data.TextSource;
import dev.tiebreak.trainer.lab.data.TokenBatch;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import dev.tiebreak.trainer.lab.train.LoadedModel;
import dev.tiebreak.trainer.lab.train.TinyRuns;
import java.nio.file.Path;
import java.util.Random;

/** A model that learned for some steps, and the tokens to examine it on. */
final class TrainedModel implements AutoCloseable {
  /** Half of the letters follow from those before them, so a model is neither sure nor lost. */
  private static final String TEXT = text();

  final CpuBackend cpu = CpuBackend.create(2);
  final Scope kept = cpu.newScope("kept");
  final Scope step = cpu.newScope("step");
  final TrainConfig config;
  final Dataset data;
  final LoadedModel loaded;
  final Evaluation evaluation;
  final Path run;

  TrainedModel(Path folder, String name, int steps) {
    config =
        TinyRuns.config(
            "training.steps=" + steps,
            "optimizer.lr=0.01",
            "model.tied_head=false",
            "evaluation.every=1000",
            "evaluation.batches=4");
    data =
        Dataset.prepare(
            TextSource.ofText("text", TEXT),
            TokenizerSpec.parse("bytes"),
            new Holdout.End(0.9),
            folder.resolve("cache"),
            status -> {});
    run = folder.resolve(name);
    TinyRuns.train(config, data, run);
    loaded = LoadedModel.open(run, cpu);
    Batches batches =
        new Batches(data, config.training().batch(), config.model().sequenceLength(), 1);
    evaluation = batches.evaluation(config.evaluation().batches());
  }

  private static String text() {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder("a");
    for (int i = 1; i < 8000; i++) {
      int next = (text.charAt(i - 1) - 'a' + 1) % 8;
      text.append((char) ('a' + (random.nextBoolean() ? next : random.nextInt(8))));
    }
    return text.toString();
  }

  Gpt model() {
    return loaded.model();
  }

  /** Multiplies all logits: the head is a matrix of its own, without bias. */
  void scaleLogits(double factor) {
    Parameter head =
        model().parameters().stream()
            .filter(parameter -> parameter.name().equals("head.weight"))
            .findFirst()
            .orElseThrow();
    for (long i = 0; i < head.tensor().size(); i++) {
      head.tensor().set(i, factor * head.tensor().get(i));
    }
  }

  Examiner.Result examine() {
    TokenBatch batch = new TokenBatch(kept, evaluation.batch(), evaluation.sequence());
    return new Examiner(model(), evaluation, data, step, batch).examine();
  }

  @Override
  public void close() {
    loaded.close();
    data.close();
    step.close();
    kept.close();
    cpu.close();
  }
}
