package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Facts;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.lab.config.Arm;
import dev.tiebreak.trainer.lab.config.ModelConfig;
import dev.tiebreak.trainer.lab.train.RunManifest;
import dev.tiebreak.trainer.lab.train.RunSummary;
import dev.tiebreak.trainer.study.Registration;
import dev.tiebreak.trainer.study.Study;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What was run: arms, text, code and machine. */
final class SettingSection {
  private static final int HASH_DIGITS = 12;
  private static final String EXPLORATORY =
      "Exploratory: runs were begun before the plan was registered, so nothing here was fixed before"
          + " it was known.";

  private SettingSection() {}

  static Section of(StudyResults results) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("plan", registered(results.study()));
    if (!results.missing().isEmpty()) {
      facts.put("not_complete", results.missing().stream().map(RunId::toString).toList());
    }
    facts.put("model", model(results));
    facts.put("data", distinct(results, SettingSection::data));
    facts.put("code", distinct(results, SettingSection::code));
    facts.put("machine", distinct(results, SettingSection::machine));
    double seconds =
        results.runs().values().stream().mapToDouble(r -> r.summary().timing().seconds()).sum();
    facts.put("training", Words.of("%.2f hours in all", seconds / 3600));
    return Section.of("setting", "What was run")
        .add(arms(results), new Facts("setting", facts))
        .build();
  }

  private static Table arms(StudyResults results) {
    Table.Builder table =
        Table.of("arms", "")
            .column("arm", "arm", Format.TEXT)
            .column("complete", "complete", Format.COUNT)
            .column("planned", "of", Format.COUNT)
            .column("tokens", "tokens", Format.COUNT)
            .column("tokens_per_parameter", "tokens per parameter", Format.NUMBER)
            .column("about", "what it is", Format.TEXT)
            .column("shaping", "as configured", Format.TEXT);
    int seeds = results.plan().seeds().size();
    for (Arm arm : results.plan().arms()) {
      List<RunResult> runs = results.runs(arm);
      RunSummary any = runs.isEmpty() ? null : runs.getFirst().summary();
      table.row(
          arm.name(),
          runs.size(),
          seeds,
          any == null ? null : any.tokens(),
          any == null ? null : (double) any.tokens() / any.parameters(),
          arm.about(),
          results.plan().config(arm, results.plan().seeds().getFirst()).describe());
    }
    return table.whole();
  }

  private static String registered(Study study) {
    List<Registration.Entry> entries =
        study.registration().map(Registration::entries).orElse(List.of());
    if (entries.isEmpty()) {
      return EXPLORATORY;
    }
    String amendments =
        entries.stream()
            .skip(1)
            .map(entry -> Words.of("; amended %s: %s", entry.time(), entry.reason()))
            .collect(Collectors.joining());
    String early = study.isExploratory() ? " " + EXPLORATORY : "";
    return Words.of(
        "registered %s%s. tiebreak study verify compares what was run with it.%s",
        entries.getFirst().time(), amendments, early);
  }

  private static String model(StudyResults results) {
    RunId any = results.runs().keySet().iterator().next();
    ModelConfig model = results.plan().config(any).model();
    return Words.of(
        "%,d parameters; %d layers, %d heads, %d channels, %d tokens a sequence",
        results.runs().get(any).summary().parameters(),
        model.layers(),
        model.heads(),
        model.channels(),
        model.sequenceLength());
  }

  /** One for each kind of runs that there is. */
  private static List<String> distinct(StudyResults results, Function<RunManifest, String> words) {
    return results.runs().values().stream()
        .map(run -> words.apply(run.manifest()))
        .distinct()
        .toList();
  }

  /** Of a path only its last part: the page must be the same wherever the text lay. */
  private static String data(RunManifest manifest) {
    RunManifest.Data data = manifest.data();
    String sources =
        data.sources().stream()
            .map(source -> source.substring(source.replace('\\', '/').lastIndexOf('/') + 1))
            .collect(Collectors.joining(", "));
    return Words.of(
        "%s; %s; %,d tokens to train on, %,d for validation; SHA-256 of the tokens %s",
        sources,
        data.tokenizer(),
        data.trainTokens(),
        data.validationTokens(),
        start(data.tokensHash()));
  }

  private static String code(RunManifest manifest) {
    return Words.of(
        "version %s, SHA-256 of the classes %s",
        manifest.code().version(), start(manifest.code().sha256()));
  }

  /** Without the path of a library, which says nothing elsewhere. */
  private static String machine(RunManifest manifest) {
    RunManifest.Machine machine = manifest.machine();
    return Words.of(
        "%s, Java %s, %s",
        machine.backend().replaceAll(", ([A-Za-z]:)?[/\\\\][^,]*", ""),
        machine.java(),
        machine.system());
  }

  private static String start(String hash) {
    return hash.substring(0, Math.min(HASH_DIGITS, hash.length()));
  }
}
