package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.ballot.protocol.Comparison;
import dev.tiebreak.trainer.ballot.protocol.ControlSeed;
import dev.tiebreak.trainer.ballot.protocol.ControlTemperature;
import dev.tiebreak.trainer.ballot.protocol.Protocol;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Resources;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.base.toml.Toml;
import dev.tiebreak.trainer.base.toml.TomlLayers;
import dev.tiebreak.trainer.lab.config.Arm;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.config.TrainingConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** From the text of {@code study.toml} to a {@link StudyPlan}. */
final class PlanReader {
  private static final String BASE = "base";
  private static final String ARM = "arm";
  private static final String COMPARISON = "comparison";
  private static final String DEFAULTS = "defaults.toml";

  private final Path file;
  private final String origin;

  PlanReader(Path file) {
    this.file = file;
    this.origin = file.toString();
  }

  StudyPlan read() {
    ObjectNode tree = (ObjectNode) TomlLayers.read(file, "the plan of the study");
    ObjectNode base = table(tree, BASE);
    Map<String, ObjectNode> ownArms = tables(table(tree, ARM), ARM);
    Map<String, ObjectNode> comparisons = tables(table(tree, COMPARISON), COMPARISON);
    StudyPlan.Keys keys = keys(tree);
    List<Arm> arms = keys.arms().stream().map(name -> arm(name, ownArms)).toList();
    return checked(
        new StudyPlan(
            keys.name(),
            keys.question(),
            arms,
            keys.seeds(),
            comparisons.entrySet().stream()
                .map(entry -> comparison(entry.getKey(), entry.getValue()))
                .toList(),
            keys.prompts(),
            keys.sampling(),
            keys.judging(),
            keys.analysis(),
            configs(base, arms, keys.seeds())));
  }

  /** Takes a table out of the file; an empty one if it is not there. */
  private ObjectNode table(ObjectNode tree, String name) {
    JsonNode table = tree.remove(name);
    if (table == null) {
      return tree.objectNode();
    }
    Check.user(table instanceof ObjectNode, "%s (%s) must be a table: [%s]", name, origin, name);
    return (ObjectNode) table;
  }

  private Map<String, ObjectNode> tables(ObjectNode parent, String name) {
    Map<String, ObjectNode> tables = new LinkedHashMap<>();
    parent
        .properties()
        .forEach(child -> {
          Check.user(
              child.getValue() instanceof ObjectNode,
              "%s.%s (%s) must be a table with a name of its own: [%s.my-%s]",
              name,
              child.getKey(),
              origin,
              name,
              name);
          tables.put(child.getKey(), (ObjectNode) child.getValue());
        });
    return tables;
  }

  private StudyPlan.Keys keys(ObjectNode tree) {
    return TomlLayers.of(StudyPlan.Keys.class, "", List.of(BASE, ARM, COMPARISON))
        .add(Protocol.defaults(), Set.of(), DEFAULTS)
        .add(Toml.parse(Resources.text(PlanReader.class, DEFAULTS), DEFAULTS), Set.of(), DEFAULTS)
        .add(tree, Set.of(), origin)
        .bind(origin);
  }

  private Arm arm(String name, Map<String, ObjectNode> own) {
    ObjectNode table = own.get(name);
    if (table != null) {
      return Arm.of(name, table, origin);
    }
    try {
      return Arms.get(name);
    } catch (UserError e) {
      throw new UserError(
          Words.of("arms (%s): %s, or a table [arm.%s] of your own", origin, e.getMessage(), name),
          e);
    }
  }

  private Comparison comparison(String name, ObjectNode table) {
    String prefix = COMPARISON + "." + name + ".";
    ObjectNode usual =
        table.objectNode().put("control_temperature", "same").put("control_seed", "same");
    Comparison.Keys keys =
        TomlLayers.of(Comparison.Keys.class, prefix, List.of())
            .add(usual, Set.of(), origin)
            .add(table, Set.of(), origin)
            .bind(origin);
    return new Comparison(
        name, keys.treatment(), keys.control(), keys.controlTemperature(), keys.controlSeed());
  }

  /** Seed by seed; what twins must share is checked here. */
  private Map<RunId, TrainConfig> configs(ObjectNode base, List<Arm> arms, List<Long> seeds) {
    TrainConfig shared = builder(base).build();
    Map<RunId, TrainConfig> configs = new LinkedHashMap<>();
    for (long seed : seeds) {
      for (Arm arm : arms) {
        ConfigBuilder builder = builder(base).arm(arm);
        requireTwin(arm, builder.build(), shared);
        String value = Long.toString(seed);
        configs.put(
            new RunId(arm.name(), seed), builder.set("training.seed", value, "seeds").build());
      }
    }
    return configs;
  }

  private ConfigBuilder builder(ObjectNode base) {
    return ConfigBuilder.part(base, origin + ", [base]", file.toAbsolutePath().getParent());
  }

  private void requireTwin(Arm arm, TrainConfig config, TrainConfig shared) {
    TrainingConfig own = config.training();
    String different =
        Stream.of(
                config.model().equals(shared.model()) ? "" : "[model]",
                config.data().equals(shared.data()) ? "" : "[data]",
                own.seed() == shared.training().seed() ? "" : "training.seed",
                own.threads() == shared.training().threads() ? "" : "training.threads")
            .filter(key -> !key.isEmpty())
            .collect(Collectors.joining(" and "));
    Check.user(
        different.isEmpty(),
        "the arm '%s' changes %s (%s); twins share the model, the data, the seed and the threads: set them in [base]",
        arm,
        different,
        origin);
  }

  private StudyPlan checked(StudyPlan plan) {
    List<String> arms = plan.arms().stream().map(Arm::toString).toList();
    for (Comparison comparison : plan.comparisons()) {
      requireArm(comparison.name(), "treatment", comparison.treatment(), arms);
      requireArm(comparison.name(), "control", comparison.control(), arms);
      requireDifference(comparison, plan.seeds());
    }
    if (!plan.analysis().gate().isEmpty()) {
      requireComparison("analysis.gate", plan.analysis().gate(), plan);
    }
    for (String name : plan.analysis().holm()) {
      requireComparison("analysis.holm", name, plan);
      Check.user(
          !name.equals(plan.analysis().gate()),
          "analysis.holm names \"%s\" (%s), which is the gate and tested before; leave it out",
          name,
          origin);
    }
    return plan;
  }

  private void requireArm(String comparison, String key, String value, List<String> arms) {
    Check.user(
        arms.contains(value),
        "comparison.%s.%s is \"%s\" (%s); it must be one of the study's arms: %s",
        comparison,
        key,
        value,
        origin,
        String.join(", ", arms));
  }

  private void requireDifference(Comparison comparison, List<Long> seeds) {
    Check.user(
        comparison.controlSeed() != ControlSeed.NEXT || seeds.size() > 1,
        "comparison.%s.control_seed is \"next\" (%s), which needs two seeds or more; the study has one",
        comparison.name(),
        origin);
    Check.user(
        !comparison.isSameArm()
            || comparison.controlSeed() != ControlSeed.SAME
            || comparison.temperature() != ControlTemperature.SAME,
        "comparison.%s compares \"%s\" with itself (%s); choose another control, control_seed = \"next\" or another control_temperature",
        comparison.name(),
        comparison.treatment(),
        origin);
  }

  private void requireComparison(String key, String name, StudyPlan plan) {
    String known =
        plan.comparisons().stream().map(Comparison::name).collect(Collectors.joining(", "));
    Check.user(
        plan.comparison(name).isPresent(),
        "%s names \"%s\" (%s); it must be one of the comparisons%s",
        key,
        name,
        origin,
        known.isEmpty() ? ", and there is none" : ": " + known);
  }
}
