package dev.tiebreak.trainer.lab.checkpoint;

import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder {@code step-0000100} with {@code weights.safetensors} (tensors by the names of the
 * model's parameters, in the masters' type), {@code optimizer.safetensors} ({@code m.<name>} and
 * {@code v.<name>}, the moments) and {@code state.json}. Nothing in it depends on the time: equal
 * runs have equal bytes.
 *
 * @param step how many optimizer steps are in the weights
 */
public record Checkpoint(Path folder, long step) {
  /** The file with the model's weights. */
  public static final String WEIGHTS = "weights.safetensors";

  /** The file with the optimizer's moments. */
  public static final String OPTIMIZER = "optimizer.safetensors";

  /** The file with the counts and running statistics. */
  public static final String STATE = "state.json";

  private static final Pattern NAME = Pattern.compile("step-(\\d{7,18})");
  private static final String FIRST_MOMENT = "m.";
  private static final String SECOND_MOMENT = "v.";

  static String name(long step) {
    return Words.of("step-%07d", step);
  }

  /** The step in the name of a checkpoint's folder, or empty if it is another folder. */
  static OptionalLong stepOf(Path folder) {
    Matcher matcher = NAME.matcher(folder.getFileName().toString());
    return matcher.matches()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }

  boolean isComplete() {
    return Stream.of(WEIGHTS, OPTIMIZER, STATE)
        .allMatch(file -> Files.isRegularFile(folder.resolve(file)));
  }

  public Path weights() {
    return folder.resolve(WEIGHTS);
  }

  /**
   * The counts and running statistics.
   *
   * @throws UserError if the file is missing, damaged or of another version
   */
  public CheckpointState state() {
    CheckpointState state = CheckpointState.FORMAT.read(folder.resolve(STATE));
    if (state.step() != step) {
      throw new UserError(
          Words.of(
              "%s was renamed: its state is of step %d; give it back its name %s",
              folder, state.step(), name(state.step())));
    }
    return state;
  }

  /**
   * Fills a model's weights.
   *
   * @throws UserError if the file is missing or damaged or belongs to a model of another shape
   */
  public void readWeights(List<Parameter> parameters) {
    readInto(weights(), weightsOf(parameters));
    parameters.forEach(Parameter::refresh);
  }

  /**
   * Fills an optimizer's moments and its count of steps.
   *
   * @throws UserError if a file is missing or damaged or belongs to a model of another shape
   */
  public void readOptimizer(List<Parameter> parameters, AdamW optimizer) {
    readInto(folder.resolve(OPTIMIZER), momentsOf(parameters, optimizer));
    optimizer.restoreSteps(state().optimizerSteps());
  }

  private static void readInto(Path file, Map<String, Tensor> tensors) {
    try (SafetensorsReader reader = SafetensorsReader.open(file)) {
      reader.readAll(tensors);
    }
  }

  /** Writes the three files; each is forced to the disk. */
  static void write(Path folder, List<Parameter> parameters, AdamW optimizer, CheckpointState state)
      throws IOException {
    Map<String, String> metadata =
        Map.of("format", "tiebreak", "step", Long.toString(state.step()));
    SafetensorsWriter.write(folder.resolve(WEIGHTS), metadata, weightsOf(parameters));
    SafetensorsWriter.write(folder.resolve(OPTIMIZER), metadata, momentsOf(parameters, optimizer));
    CheckpointState.FORMAT.write(folder.resolve(STATE), state);
  }

  private static SequencedMap<String, Tensor> weightsOf(List<Parameter> parameters) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    parameters.forEach(parameter -> tensors.put(parameter.name(), parameter.master()));
    return tensors;
  }

  private static SequencedMap<String, Tensor> momentsOf(
      List<Parameter> parameters, AdamW optimizer) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    parameters.forEach(one -> tensors.put(FIRST_MOMENT + one.name(), optimizer.firstMoment(one)));
    parameters.forEach(one -> tensors.put(SECOND_MOMENT + one.name(), optimizer.secondMoment(one)));
    return tensors;
  }
}
