package dev.tiebreak.trainer.lab.config;

import dev.tiebreak.trainer.base.Names;
import dev.tiebreak.trainer.base.Resources;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.util.List;

/** The configurations that come along: TOML files in {@code presets}, to be read as well as run. */
public final class Presets {
  /** Every key with its meaning; what a preset or a file leaves out. */
  static final String DEFAULTS = "defaults";

  private static final List<String> NAMES =
      List.of("tiny", "quick", "shakespeare-char-cpu", "gpt2-124m", "1.2b");

  private Presets() {}

  /** The names, from the smallest to the largest. */
  public static List<String> names() {
    return NAMES;
  }

  /** The preset's text. */
  public static String toml(String name) {
    return Resources.text(Presets.class, "presets/" + name + ".toml");
  }

  /**
   * Returns the name.
   *
   * @throws UserError if there is no such preset
   */
  static String check(String name) {
    if (!NAMES.contains(name)) {
      throw new UserError(unknown(name));
    }
    return name;
  }

  /** What to say about a name that is not a preset's. */
  static String unknown(String name) {
    return unknown("preset", name, NAMES);
  }

  /** What to say about a name that none of a kind has. */
  static String unknown(String kind, String name, List<String> names) {
    return Words.of(
        "no %s '%s'; %s%ss are %s",
        kind,
        name,
        Names.nearest(name, names).map(near -> "did you mean " + near + "? ").orElse(""),
        kind,
        String.join(", ", names));
  }
}
