package dev.tiebreak.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import tools.jackson.databind.JsonNode;

/** A model with the weights and the batch of a golden file, on one engine. */
final class GoldenModel implements AutoCloseable {
  final GoldenFile file;
  final GptConfig config;
  final Gpt model;
  final Tensor tokens;
  final Tensor targets;
  private final Backend backend;
  private final Scope kept;
  private final Scope step;

  GoldenModel(String name, Engine engine) {
    this(name, engine.open(), engine.type);
  }

  /** On any backend, which is closed with it. */
  GoldenModel(String name, Backend backend, DType type) {
    this.backend = backend;
    file = GoldenFile.read(name);
    config = file.metadata("config", GptConfig.class);
    kept = backend.newScope("kept");
    step = backend.newScope("step");
    model = new Gpt(config, type, kept, 1);
    tokens = file.tensor("tokens", type, kept);
    targets = file.tensor("targets", type, kept);
    for (Parameter parameter : model.parameters()) {
      parameter.master().copyFrom(file.tensor(parameter.name(), type.wide(), kept));
      parameter.refresh();
    }
  }

  /** Owns what outlives a step. */
  Scope kept() {
    return kept;
  }

  Tape record() {
    return Tape.start(step);
  }

  Tape infer() {
    return Tape.inference(step);
  }

  /** Runs the mean loss backwards and returns it. */
  double backward() {
    try (Tape tape = record()) {
      Tensor loss = model.losses(tokens, targets).mean();
      tape.backward(loss);
      return loss.item();
    }
  }

  /** The optimizer of the file's ten steps. */
  AdamW optimizer() {
    JsonNode json = file.metadata("adamw");
    AdamW.Config constants =
        new AdamW.Config(
            json.get("beta1").asDouble(),
            json.get("beta2").asDouble(),
            json.get("epsilon").asDouble(),
            json.get("weightDecay").asDouble());
    return new AdamW(model.parameters(), kept, constants);
  }

  /** Compares every gradient with the file's under {@code prefix}, which has those and no more. */
  void compareGradients(String prefix, Deviations deviations) {
    assertThat(file.names().stream().filter(name -> name.startsWith(prefix)))
        .containsExactlyInAnyOrderElementsOf(
            model.parameters().stream().map(parameter -> prefix + parameter.name()).toList());
    for (Parameter parameter : model.parameters()) {
      String name = prefix + parameter.name();
      deviations.add(name, parameter.tensor().gradient().toDoubles(), file.values(name));
    }
  }

  @Override
  public void close() {
    step.close();
    kept.close();
    backend.close();
  }
}
