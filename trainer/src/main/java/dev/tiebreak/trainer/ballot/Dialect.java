package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Faults;
import dev.tiebreak.trainer.base.Names;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How a table from elsewhere names what this program calls by other names.
 *
 * @param columns theirs, by the names that they have here
 * @param choices what their words for choices mean, by the words in small letters
 * @param kinds of judges, by their ids; where some are given, all others are of that of the empty
 *     id, or people
 */
public record Dialect(
    Map<String, String> columns, Map<String, Choice> choices, Map<String, JudgeKind> kinds) {
  /** That of this program, and what usual programs make of it. */
  public static final Dialect USUAL = new Dialect(Map.of(), Map.of(), Map.of());

  /** In the place of an id: all judges that are not named. */
  private static final String ALL = "";

  /** What stands before the name of a column that another one stands in for. */
  private static final String REPLACED = "their_";

  /** Copies the maps. */
  public Dialect {
    columns = Map.copyOf(columns);
    choices = Map.copyOf(choices);
    kinds = Map.copyOf(kinds);
  }

  /**
   * The dialect that a user describes.
   *
   * @param columns such as {@code judge=judge_id}
   * @param choices such as {@code tie=same}
   * @param kinds such as {@code model:gpt-4,gpt-4o}
   * @throws UserError if one of them says nothing
   */
  public static Dialect of(
      Map<String, String> columns, Map<String, String> choices, List<String> kinds) {
    columns
        .keySet()
        .forEach(column ->
            Check.parameter(
                VoteColumns.KNOWN.contains(column),
                "columns",
                column,
                "one of " + String.join(", ", VoteColumns.KNOWN)));
    Map<String, Choice> words = new LinkedHashMap<>();
    choices.forEach((word, choice) -> {
      Optional<Choice> meant = Choice.of(choice);
      Check.parameter(meant.isPresent(), "map", choice, "left, right, same or unusable");
      words.put(small(word), meant.orElseThrow());
    });
    Map<String, JudgeKind> judges = new LinkedHashMap<>();
    for (String text : kinds) {
      String[] parts = text.split(":", 2);
      JudgeKind kind =
          JudgeKind.of(parts[0])
              .orElseThrow(() ->
                  new UserError(
                      Words.of("kind is %s; it must be such as human, or model:gpt-4,claude", text),
                      Remedy.parameter("kind")));
      for (String judge : parts.length == 1 ? new String[] {ALL} : parts[1].split(",")) {
        judges.put(Ids.canonical(judge), kind);
      }
    }
    return new Dialect(columns, words, judges);
  }

  private static String small(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }

  /** The choice of a word. */
  Optional<Choice> choice(String word) {
    return Optional.ofNullable(choices.get(small(word))).or(() -> Choice.of(word));
  }

  /** The kind of a judge where the table does not tell, and this does. */
  Optional<JudgeKind> kind(String judge) {
    return kinds.isEmpty()
        ? Optional.empty()
        : Optional.of(kinds.getOrDefault(judge, kinds.getOrDefault(ALL, JudgeKind.HUMAN)));
  }

  /**
   * Whether all columns are there that the user names.
   *
   * @param faults told which are not
   */
  boolean fits(List<String> header, Faults faults) {
    List<String> missing =
        columns.values().stream()
            .filter(theirs -> header.stream().noneMatch(theirs::equalsIgnoreCase))
            .sorted()
            .toList();
    for (String theirs : missing) {
      faults.add(
          Words.of(
              "there is no column %s; there are: %s%s",
              Faults.quoted(theirs), String.join(", ", header), Names.hint(theirs, header)));
    }
    return missing.isEmpty();
  }

  /** What a column of a table is called here: mostly one name; several where a user says so. */
  List<String> names(String column) {
    List<String> own = new ArrayList<>();
    VoteColumns.KNOWN.forEach(known -> {
      if (column.equalsIgnoreCase(columns.get(known))) {
        own.add(known);
      }
    });
    if (!own.isEmpty()) {
      return own;
    }
    String plain = small(column).replaceAll("[\\s-]+", "_");
    if (!VoteColumns.KNOWN.contains(plain)) {
      return List.of(column);
    }
    return List.of(columns.containsKey(plain) ? REPLACED + plain : plain);
  }
}
