package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.ballot.protocol.ControlTemperature;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Batches;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.data.Evaluation;
import dev.tiebreak.trainer.lab.device.Parallelism;
import dev.tiebreak.trainer.lab.examine.EntropyMatch;
import dev.tiebreak.trainer.lab.examine.Examination;
import dev.tiebreak.trainer.lab.train.LoadedModel;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.StudyPlan;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * At which temperature each control is sampled. The treatment always has the plan's, T0.
 *
 * <p>{@link ControlTemperature#MATCHED_ENTROPY}: the temperature at which the mean entropy of the
 * control's predictions for the validation tokens is that of the treatment's at T0, rounded to four
 * places: less than the match is exact to, and the same again on another machine. {@link
 * ControlTemperature#ONE_PLUS_S_OVER_V}: T0 (1 + s / v), with the treatment's strength of gain s in
 * nats and the variance v of its validation losses in nats squared; a gain of that strength makes a
 * model hotter by that factor, to first order.
 */
final class ControlTemperatures {
  private static final double ROUNDING = 1e4;

  private final Study study;
  private final StudyFolder folder;
  private final StudyPlan plan;
  private final Parallelism parallelism;
  private final Path cache; // of prepared texts
  private final PairsListener listener;

  ControlTemperatures(Study study, Parallelism parallelism, Path cache, PairsListener listener) {
    this.study = study;
    this.folder = study.folder();
    this.plan = study.plan();
    this.parallelism = parallelism;
    this.cache = cache;
    this.listener = listener;
  }

  /**
   * The temperatures of the controls.
   *
   * @throws dev.tiebreak.trainer.base.UserError if a comparison asks for what its treatment does
   *     not have
   */
  Map<ModelPair, Double> of(Collection<ModelPair> pairs) {
    pairs.forEach(this::requireMeaning);
    Map<ModelPair, Double> temperatures = new HashMap<>();
    for (ModelPair pair : pairs) {
      switch (pair.comparison().temperature()) {
        case SAME -> temperatures.put(pair, plan.sampling().temperature());
        case ONE_PLUS_S_OVER_V -> temperatures.put(pair, onePlusSOverV(pair.treatment()));
        case MATCHED_ENTROPY -> {} // together, below
      }
    }
    List<ModelPair> matched =
        pairs.stream().filter(pair -> !temperatures.containsKey(pair)).toList();
    if (!matched.isEmpty()) {
      temperatures.putAll(matched(matched));
    }
    return temperatures;
  }

  private void requireMeaning(ModelPair pair) {
    ControlTemperature wanted = pair.comparison().temperature();
    String key = Words.of("comparison.%s.control_temperature", pair.comparison().name());
    Check.user(
        wanted == ControlTemperature.SAME || plan.sampling().temperature() != 0,
        "%s changes a temperature, but sampling.temperature is 0 (%s); choose one above 0",
        key,
        folder.plan());
    boolean precision =
        plan.config(pair.treatment())
            .withArm(Arms.get(Arms.GAIN))
            .gain()
            .formula()
            .equals(plan.config(pair.treatment()).gain().formula());
    Check.user(
        wanted != ControlTemperature.ONE_PLUS_S_OVER_V || precision,
        "%s is for treatments with the token gain of the arm '%s', and '%s' has another (%s); use matched_entropy",
        key,
        Arms.GAIN,
        pair.comparison().treatment(),
        folder.plan());
  }

  private double onePlusSOverV(RunId treatment) {
    double v = Examination.load(new RunFolder(folder.run(treatment)).examination()).variance();
    return plan.sampling().temperature() * (1 + plan.config(treatment).gain().s() / v);
  }

  private Map<ModelPair, Double> matched(Collection<ModelPair> pairs) {
    listener.status("matching entropies");
    Map<ModelPair, Double> found = new HashMap<>(); // guarded by itself
    try (Dataset data = study.data(cache, listener::status)) {
      parallelism.forEach(
          pairs,
          (pair, backend) -> {
            double temperature = matched(pair, data, backend);
            synchronized (found) {
              found.put(pair, temperature);
            }
          });
    }
    return found;
  }

  private double matched(ModelPair pair, Dataset data, Backend backend) {
    TrainConfig config = plan.config(pair.treatment());
    int length = config.model().sequenceLength();
    Evaluation evaluation =
        new Batches(data, config.training().batch(), length, config.training().seed())
            .evaluation(config.evaluation().batches());
    double entropy;
    try (LoadedModel treatment = LoadedModel.open(folder.run(pair.treatment()), backend)) {
      entropy =
          EntropyMatch.meanEntropy(treatment.model(), evaluation, plan.sampling().temperature());
    }
    try (LoadedModel control = LoadedModel.open(folder.run(pair.control()), backend)) {
      double exact = EntropyMatch.temperatureFor(control.model(), evaluation, entropy);
      return Math.round(exact * ROUNDING) / ROUNDING;
    }
  }
}
