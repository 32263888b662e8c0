package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.ballot.pairs.TextStatistics;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.lab.device.Parallelism;
import dev.tiebreak.trainer.lab.generate.Generator;
import dev.tiebreak.trainer.lab.generate.Sampling;
import dev.tiebreak.trainer.lab.train.LoadedModel;
import dev.tiebreak.trainer.study.Prompts;
import dev.tiebreak.trainer.study.SamplingPlan;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyFolder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes texts with a study's models. Every model is loaded once, several of them work at the same
 * time, and each text is the same whatever is written before or beside it.
 */
final class CompletionWriter {
  private final StudyFolder folder;
  private final Prompts prompts;
  private final SamplingPlan plan;
  private final Map<RunId, String> weights;
  private final Parallelism parallelism;
  private final CompletionCache cache;
  private final PairsListener listener;
  private final Map<CompletionRequest, Completion> done = new LinkedHashMap<>(); // guarded by this
  private int total;

  /**
   * @param weights hashes of the weights of every model that is asked for a text
   * @param cache has what was written before, and is given what is new
   */
  CompletionWriter(
      Study study,
      Map<RunId, String> weights,
      Parallelism parallelism,
      CompletionCache cache,
      PairsListener listener) {
    this.folder = study.folder();
    this.prompts = study.promptTexts();
    this.plan = study.plan().sampling();
    this.weights = weights;
    this.parallelism = parallelism;
    this.cache = cache;
    this.listener = listener;
  }

  /**
   * The texts for all requests.
   *
   * @param requests each at most once
   */
  Map<CompletionRequest, Completion> write(Collection<CompletionRequest> requests) {
    total = requests.size();
    Map<RunId, List<CompletionRequest>> open = new LinkedHashMap<>();
    for (CompletionRequest request : requests) {
      cache
          .find(fingerprint(request))
          .ifPresentOrElse(
              kept -> done.put(request, completion(request, kept.text(), kept.statistics())),
              () -> open.computeIfAbsent(request.run(), _ -> new ArrayList<>()).add(request));
    }
    if (!done.isEmpty()) {
      listener.written(done.size(), total);
    }
    parallelism.forEach(open.keySet(), (run, backend) -> write(run, open.get(run), backend));
    Map<CompletionRequest, Completion> ordered = new LinkedHashMap<>();
    requests.forEach(request -> ordered.put(request, done.get(request)));
    return ordered;
  }

  private void write(RunId run, List<CompletionRequest> requests, Backend backend) {
    try (LoadedModel loaded = LoadedModel.open(folder.run(run), backend);
        Generator generator = new Generator(loaded.model(), loaded.tokenizer())) {
      for (CompletionRequest request : requests) {
        Generator.check(loaded.tokenizer(), prompt(request)); // before the first is written
      }
      for (CompletionRequest request : requests) {
        Sampling sampling = sampling(request);
        int[] tokens =
            generator.complete(
                prompt(request), request.prompt(), request.sample(), sampling, _ -> {});
        TextStatistics statistics = TextStatistics.of(tokens, tokens.length < sampling.tokens());
        add(request, completion(request, loaded.tokenizer().decode(tokens), statistics));
      }
    }
  }

  private synchronized void add(CompletionRequest request, Completion completion) {
    cache.add(completion);
    done.put(request, completion);
    listener.written(done.size(), total);
  }

  private Completion completion(CompletionRequest request, String text, TextStatistics statistics) {
    return new Completion(
        request.run(),
        request.temperature(),
        prompts.all().get(request.prompt()).id(),
        request.sample(),
        text,
        statistics,
        fingerprint(request));
  }

  private String prompt(CompletionRequest request) {
    return prompts.all().get(request.prompt()).text();
  }

  private Sampling sampling(CompletionRequest request) {
    return new Sampling(
        request.temperature(), plan.topK(), plan.topP(), plan.tokens(), plan.seed());
  }

  private String fingerprint(CompletionRequest request) {
    return Sha256.of(
        String.join(
            "\0",
            weights.get(request.run()),
            sampling(request).toString(),
            Integer.toString(request.prompt()),
            Integer.toString(request.sample()),
            prompt(request)));
  }
}
