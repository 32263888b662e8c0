package dev.tiebreak.trainer.ballot.protocol;

/** From which seed the control of a comparison comes. */
public enum ControlSeed {
  /** The treatment's: twins. */
  SAME,
  /** The one after it in the plan, and the first after the last: how far seeds alone differ. */
  NEXT
}
