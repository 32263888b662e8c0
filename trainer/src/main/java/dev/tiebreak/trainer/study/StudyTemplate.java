package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Resources;
import dev.tiebreak.trainer.base.TextFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.base.toml.Toml;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Plans to begin with, in three sizes. */
public enum StudyTemplate {
  /** Minutes on two cores: shows that everything works. */
  DEMO("demo", 16),
  /** About a day of one GPU. */
  CONSUMER_GPU("consumer-gpu", 64),
  /** The published result's scale. */
  ORIGINAL("original", 64);

  private final String label;
  private final int prompts;

  StudyTemplate(String label, int prompts) {
    this.label = label;
    this.prompts = prompts;
  }

  /**
   * The template of this name.
   *
   * @throws UserError if there is none
   */
  public static StudyTemplate parse(String name) {
    for (StudyTemplate template : values()) {
      if (template.label.equals(name)) {
        return template;
      }
    }
    throw new UserError(
        Words.of("no size '%s' of a study; sizes are demo, consumer-gpu, original", name));
  }

  /** The plan, with comments. */
  public String plan() {
    return resource("size-" + label + ".toml") + resource("common.toml");
  }

  private static String resource(String name) {
    return Resources.text(StudyTemplate.class, name);
  }

  /** The training that all arms of the plan share, to be changed. */
  public ConfigBuilder base() {
    JsonNode plan = Toml.parse(plan(), label);
    return ConfigBuilder.part(plan.path("base"), label, Path.of(""));
  }

  /** The prompts' file: of the built-in ones so many, of every kind alike. */
  public String prompts() {
    List<Prompt> all = Prompts.builtIn().all();
    List<String> lines = resource("prompts.jsonl").lines().filter(line -> !line.isBlank()).toList();
    Map<String, Integer> seen = new LinkedHashMap<>(); // prompts of a kind so far
    int[] rank =
        all.stream().mapToInt(prompt -> seen.merge(prompt.kind(), 1, Integer::sum)).toArray();
    return IntStream.range(0, all.size())
        .boxed()
        .sorted(
            (a, b) -> Integer.compare(rank[a], rank[b])) // stable: first of each kind, then second
        .limit(prompts)
        .sorted()
        .map(lines::get)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /**
   * Makes a study.
   *
   * @throws UserError if there is one, or if it cannot be written
   */
  public StudyFolder write(Path path) {
    StudyFolder folder = new StudyFolder(path);
    for (Path file : List.of(folder.plan(), folder.prompts(), folder.registration())) {
      Check.user(
          !Files.exists(file),
          "there is a study in %s already (%s); nothing was changed, choose another folder",
          path,
          file.getFileName());
    }
    try {
      Files.createDirectories(path);
    } catch (FileAlreadyExistsException e) {
      throw new UserError(path + " is a file, not a folder; choose another", e);
    } catch (IOException e) {
      throw UserError.io("write the study", path, e);
    }
    TextFiles.write(folder.prompts(), prompts(), "the prompts");
    TextFiles.write(folder.plan(), plan(), "the plan");
    return folder;
  }
}
