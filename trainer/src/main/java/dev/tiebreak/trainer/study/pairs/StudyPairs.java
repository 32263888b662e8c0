package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.ballot.pairs.KeyEntry;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.ballot.pairs.PairsManifest;
import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.ballot.pairs.Salt;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.LockFile;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.device.Parallelism;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.lab.train.RunManifest;
import dev.tiebreak.trainer.lab.train.RunSummary;
import dev.tiebreak.trainer.study.Prompts;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.StudyPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * From trained models to the file that judges see, and its key: {@code tiebreak study pairs}.
 *
 * <p>May be started again at any time: what was written is kept, and equal plan, prompts, weights
 * and salt give equal bytes.
 */
public final class StudyPairs {
  private final Study study;
  private final StudyFolder folder;
  private final Options options;
  private final PairsListener listener;
  private final StudyPlan plan;
  private final Prompts prompts;

  /**
   * How to do it.
   *
   * @param parallelism where, and how many models at a time
   * @param cache folder of prepared texts, read where entropies are matched
   * @param salt to reproduce a study's pairs with; empty for the one in its key, or a new one
   * @param overwrite whether pairs that differ may be replaced
   */
  public record Options(
      Parallelism parallelism, Path cache, Optional<Salt> salt, boolean overwrite) {}

  private StudyPairs(Study study, Options options, PairsListener listener) {
    this.study = study;
    this.folder = study.folder();
    this.options = options;
    this.listener = listener;
    this.plan = study.plan();
    this.prompts = study.promptTexts();
  }

  /**
   * Makes the pairs of a study.
   *
   * @return what was made
   * @throws dev.tiebreak.trainer.base.UserError if runs are missing, a prompt cannot be continued,
   *     or there are other pairs already
   */
  public static PairsManifest make(Study study, Options options, PairsListener listener) {
    return new StudyPairs(study, options, listener).make();
  }

  private PairsManifest make() {
    Check.user(
        !plan.comparisons().isEmpty(),
        "the plan in %s compares nothing; add a table [comparison.h1] with a treatment and a control",
        folder.plan());
    List<ModelPair> models = ModelPair.of(plan);
    Set<RunId> runs = new LinkedHashSet<>();
    models.forEach(pair -> runs.addAll(List.of(pair.treatment(), pair.control())));
    Map<RunId, String> weights = weights(runs);

    PairFiles files = new PairFiles(folder, options.overwrite());
    try (LockFile _ = files.lock()) {
      return make(models, weights, files);
    }
  }

  /**
   * The hashes of the final weights of some runs.
   *
   * @throws UserError if one of them is not complete, or was trained with another configuration
   *     than the plan's; it names them
   */
  private Map<RunId, String> weights(Collection<RunId> runs) {
    List<RunId> missing = runs.stream().filter(run -> !Files.exists(view(run).summary())).toList();
    if (!missing.isEmpty()) {
      throw new UserError(
          Words.of(
              "%d of %d runs are not complete: %s; train them first",
              missing.size(), runs.size(), names(missing)),
          Remedy.step(Remedy.Kind.RUN, folder.path()));
    }
    List<RunId> others =
        runs.stream()
            .filter(run ->
                !RunManifest.load(view(run).manifest())
                    .configHash()
                    .equals(plan.config(run).hash()))
            .toList();
    Check.user(
        others.isEmpty(),
        "the plan in %s was changed since these were trained: %s; restore it, or train them again",
        folder.plan(),
        names(others));
    Map<RunId, String> weights = new LinkedHashMap<>();
    runs.forEach(run -> weights.put(run, RunSummary.load(view(run).summary()).weightsHash()));
    return weights;
  }

  private RunFolder view(RunId run) {
    return new RunFolder(folder.run(run));
  }

  private static String names(List<RunId> runs) {
    return runs.stream().map(RunId::toString).collect(Collectors.joining(", "));
  }

  private PairsManifest make(List<ModelPair> models, Map<RunId, String> weights, PairFiles files) {
    Salt salt = files.salt(options.salt());
    List<TextPair> pairs = texts(models, weights);
    List<ShownPair> shown = Blinding.of(pairs, salt);
    PairKey key =
        new PairKey(
            salt,
            Sha256.of(folder.plan()),
            prompts.sha256(),
            Sha256.of(PairFiles.lines(shown)),
            entries(pairs, shown, salt));
    PairsManifest manifest = PairsManifest.of(key, weights);
    files.write(key, shown, manifest);
    return manifest;
  }

  private List<TextPair> texts(List<ModelPair> models, Map<RunId, String> weights) {
    Map<ModelPair, Double> temperatures =
        new ControlTemperatures(study, options.parallelism(), options.cache(), listener).of(models);
    double temperature = plan.sampling().temperature();
    List<List<CompletionRequest>> treatments = new ArrayList<>();
    List<List<CompletionRequest>> controls = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      ModelPair pair = models.get(i);
      treatments.add(requests(pair.treatment(), temperature, i));
      controls.add(requests(pair.control(), temperatures.get(pair), i));
    }
    Set<CompletionRequest> requests = new LinkedHashSet<>();
    treatments.forEach(requests::addAll);
    controls.forEach(requests::addAll);
    Map<CompletionRequest, Completion> texts;
    try (CompletionCache cache = new CompletionCache(Completion.in(folder))) {
      texts =
          new CompletionWriter(study, weights, options.parallelism(), cache, listener)
              .write(requests);
      cache.finish(texts.values());
    }
    List<TextPair> pairs = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      for (int j = 0; j < treatments.get(i).size(); j++) {
        CompletionRequest treatment = treatments.get(i).get(j);
        CompletionRequest control = controls.get(i).get(j);
        pairs.add(
            new TextPair(
                models.get(i).comparison(),
                prompts.all().get(treatment.prompt()),
                texts.get(treatment),
                texts.get(control)));
      }
    }
    return pairs;
  }

  /**
   * Everything one model writes for one pair of models: prompt by prompt. Each pair of models has
   * sample numbers of its own, so that no text recurs: a text that stands beside many others would
   * show that it is the control's.
   */
  private List<CompletionRequest> requests(RunId run, double temperature, int modelPair) {
    int samples = plan.sampling().completions();
    List<CompletionRequest> requests = new ArrayList<>();
    for (int prompt = 0; prompt < prompts.all().size(); prompt++) {
      for (int i = 0; i < samples; i++) {
        requests.add(new CompletionRequest(run, temperature, prompt, modelPair * samples + i));
      }
    }
    return requests;
  }

  private static List<KeyEntry> entries(List<TextPair> pairs, List<ShownPair> shown, Salt salt) {
    Map<String, ShownPair> byId = new LinkedHashMap<>();
    shown.forEach(pair -> byId.put(pair.id(), pair));
    return pairs.stream()
        .map(pair -> {
          String id = Blinding.id(pair, salt);
          return pair.keyEntry(id, Optional.ofNullable(byId.get(id)));
        })
        .toList();
  }
}
