package dev.tiebreak.trainer.ballot.protocol;

/**
 * {@code [comparison.NAME]}: which two models' texts are shown side by side.
 *
 * @param name such as {@code h1}
 * @param control name of an arm; the treatment's for A/A comparisons of two seeds, and for controls
 *     of temperature alone
 */
public record Comparison(
    String name,
    String treatment,
    String control,
    ControlTemperature temperature,
    ControlSeed controlSeed) {

  /** The keys of its table. */
  public record Keys(
      String treatment,
      String control,
      ControlTemperature controlTemperature,
      ControlSeed controlSeed) {}

  /** Whether both sides are of one arm, sampled alike: judges should find no difference. */
  public boolean isEqualArms() {
    return isSameArm() && temperature == ControlTemperature.SAME;
  }

  /** Whether both sides are of one arm. */
  public boolean isSameArm() {
    return treatment.equals(control);
  }
}
