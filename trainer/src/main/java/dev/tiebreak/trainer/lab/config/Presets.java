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
    String known = "presets are " + String.join(", ", NAMES);
    return Names.nearest(name, NAMES)
        .map(near -> Words.of("no preset '%s'; did you mean %s? %s", name, near, known))
        .orElse(Words.of("no preset '%s'; %s", name, known));
  }
}
