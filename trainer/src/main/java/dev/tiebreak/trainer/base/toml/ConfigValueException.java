package dev.tiebreak.trainer.base.toml;

/** A value that a configuration may not hold; the message names key, value and what is allowed. */
public final class ConfigValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final String problem;
  private final String allowed;

  /**
   * @param key the dotted name as in the TOML file, such as {@code optimizer.lr}
   * @param allowed what it may hold, to be read after "it must be"
   */
  public ConfigValueException(String key, Object value, String allowed) {
    this(key, key + " is " + TomlWriter.literal(value), allowed, null);
  }

  private ConfigValueException(String key, String problem, String allowed, String origin) {
    super(problem + (origin == null ? "" : " (" + origin + ")") + "; it must be " + allowed);
    this.key = key;
    this.problem = problem;
    this.allowed = allowed;
  }

  public String key() {
    return key;
  }

  /** The same fault, with where the value was written. */
  public ConfigValueException from(String origin) {
    return new ConfigValueException(key, problem, allowed, origin);
  }
}
