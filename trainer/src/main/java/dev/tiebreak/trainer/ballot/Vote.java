package dev.tiebreak.trainer.ballot;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One judgment of one pair: a row of a table of votes. It never changes; each method that is named
 * as a part gives a copy with another one.
 *
 * @param choice by sides as this judge saw them
 * @param origin what the key tells of the texts
 * @param extra columns that this program does not know, in their order; never with a known name
 */
public record Vote(
    Judge judge, Shown shown, Choice choice, When when, Origin origin, Map<String, String> extra) {
  /** The extra column that says which completion of the prompt is judged, as the key knows. */
  static final String COMPLETION = "completion";

  /**
   * Who judged.
   *
   * @param role what they have to do with the study
   * @param vendor of a model; empty if unknown, and for others
   */
  public record Judge(String id, JudgeKind kind, JudgeRole role, String vendor) {}

  /**
   * What was judged.
   *
   * @param left the text that stood left for this judge: its opaque id, or the name of its arm once
   *     the key is used
   * @param swappedOf for a pair shown again with sides exchanged, the id of the pair it repeats;
   *     empty else. Repeats measure consistency and are not analysed
   * @param catchItem whether one text is obvious nonsense; such items are not analysed
   */
  public record Shown(
      String prompt, String pair, String left, String right, String swappedOf, boolean catchItem) {
    /** Whether the judge had seen the pair before. */
    public boolean isRepeat() {
      return !swappedOf.isEmpty();
    }

    /** The pair, or the one that it repeats. */
    public String original() {
      return isRepeat() ? swappedOf : pair;
    }

    /** What stood on a side. */
    public String on(Side side) {
      return side == Side.LEFT ? left : right;
    }
  }

  /**
   * The time.
   *
   * @param responseMs how long the judge looked, in milliseconds
   */
  public record When(OptionalLong responseMs, Optional<Instant> at) {}

  /**
   * Where the texts come from.
   *
   * @param comparison its name in the plan; empty if unknown
   * @param treatment the side of the treatment's text: in comparisons of equal arms both texts name
   *     one arm
   * @param seed of the treatment's model
   * @param controlSeed of the control's model; the same if unknown
   */
  public record Origin(
      String comparison,
      Optional<Side> treatment,
      OptionalLong seed,
      OptionalLong controlSeed,
      OptionalInt leftTokens,
      OptionalInt rightTokens) {
    /** Nothing is known. */
    public static final Origin UNKNOWN =
        new Origin(
            "",
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalInt.empty(),
            OptionalInt.empty());

    /** The same with the seed of the treatment's model. */
    public Origin seed(long value) {
      return new Origin(
          comparison, treatment, OptionalLong.of(value), controlSeed, leftTokens, rightTokens);
    }

    /** The same with the lengths of the texts. */
    public Origin tokens(int left, int right) {
      return new Origin(
          comparison, treatment, seed, controlSeed, OptionalInt.of(left), OptionalInt.of(right));
    }

    /** The same in a comparison, with the side of the treatment's text. */
    public Origin in(String name, Optional<Side> side) {
      return new Origin(name, side, seed, controlSeed, leftTokens, rightTokens);
    }
  }

  /** Copies the map. */
  public Vote {
    extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
  }

  /** A vote of which nothing is known but who said what; {@link #on} says of what. */
  public static Vote by(String judge, JudgeKind kind, Choice choice) {
    return new Vote(
        new Judge(judge, kind, JudgeRole.READER, ""),
        new Shown("", "", "", "", "", false),
        choice,
        new When(OptionalLong.empty(), Optional.empty()),
        Origin.UNKNOWN,
        Map.of());
  }

  /** What cannot be judged twice. */
  public VoteId id() {
    return new VoteId(judge.id, shown.pair, shown.isRepeat());
  }

  private Vote shown(Shown other) {
    return new Vote(judge, other, choice, when, origin, extra);
  }

  /** What was judged, by ids. */
  public Vote on(String prompt, String pair) {
    return shown(
        new Shown(prompt, pair, shown.left, shown.right, shown.swappedOf, shown.catchItem));
  }

  /** What stood left and right: ids of texts, or names of arms. */
  public Vote sides(String left, String right) {
    return shown(
        new Shown(shown.prompt, shown.pair, left, right, shown.swappedOf, shown.catchItem));
  }

  /** The pair that is shown again; empty if it is not. */
  public Vote swappedOf(String pair) {
    return shown(
        new Shown(shown.prompt, shown.pair, shown.left, shown.right, pair, shown.catchItem));
  }

  /** Whether one text is obvious nonsense. */
  public Vote catchItem(boolean value) {
    return shown(
        new Shown(shown.prompt, shown.pair, shown.left, shown.right, shown.swappedOf, value));
  }

  private Vote judge(Judge other) {
    return new Vote(other, shown, choice, when, origin, extra);
  }

  /** The model's vendor. */
  public Vote vendor(String vendor) {
    return judge(new Judge(judge.id, judge.kind, judge.role, vendor));
  }

  /** What the judge has to do with the study. */
  public Vote role(JudgeRole role) {
    return judge(new Judge(judge.id, judge.kind, role, judge.vendor));
  }

  public Vote choice(Choice other) {
    return new Vote(judge, shown, other, when, origin, extra);
  }

  /** How long it took, in milliseconds. */
  public Vote responseMs(long value) {
    return new Vote(judge, shown, choice, new When(OptionalLong.of(value), when.at), origin, extra);
  }

  public Vote at(Instant value) {
    return new Vote(
        judge, shown, choice, new When(when.responseMs, Optional.of(value)), origin, extra);
  }

  public Vote origin(Origin other) {
    return new Vote(judge, shown, choice, when, other, extra);
  }

  /** A column of another name. */
  public Vote extra(String column, String value) {
    Map<String, String> more = new LinkedHashMap<>(extra);
    more.put(column, value);
    return new Vote(judge, shown, choice, when, origin, more);
  }
}
