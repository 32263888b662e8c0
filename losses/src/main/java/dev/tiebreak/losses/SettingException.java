package dev.tiebreak.losses;

/** A setting has a value that it cannot have. */
public final class SettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String setting;
  private final transient Object value;
  private final String allowed;

  SettingException(String setting, Object value, String allowed) {
    this(setting, value, allowed, null);
  }

  SettingException(String setting, Object value, String allowed, Throwable cause) {
    super(setting + " is " + value + "; it must be " + allowed, cause);
    this.setting = setting;
    this.value = value;
    this.allowed = allowed;
  }

  /** Which one: the name of a record's component. */
  public String setting() {
    return setting;
  }

  /** What it is. */
  public Object value() {
    return value;
  }

  /** Read after "it must be". */
  public String allowed() {
    return allowed;
  }

  static void check(boolean holds, String setting, Object value, String allowed) {
    if (!holds) {
      throw new SettingException(setting, value, allowed);
    }
  }
}
