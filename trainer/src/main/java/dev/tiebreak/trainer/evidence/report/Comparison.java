package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;
import java.util.List;
import java.util.function.Predicate;

/**
 * All judgments of one comparison, such as h1: both against baseline.
 *
 * @param treatment name of an arm
 * @param control name of an arm, the same for comparisons of equal arms
 * @param matched whether the control was sampled at another temperature than the treatment
 * @param judgments at most one of each judge about each pair: of a model's two orders the verdict
 *     that survives the swap, else a tie; of a person's several the first
 * @param presented every single time that a judge saw a pair, in its order
 * @param repeats pairs that one judge saw twice
 * @param ruled pairs that a rule of the plan made ties before anyone saw them
 */
record Comparison(
    String name,
    String treatment,
    String control,
    boolean matched,
    List<Judgment> judgments,
    List<Judgment> presented,
    List<Repeat> repeats,
    int ruled) {
  /** One judge's two judgments of one pair, with sides swapped between them or not. */
  record Repeat(Judgment first, Judgment second, boolean swapped) {
    /** Whether both say the same of the texts. */
    boolean agrees() {
      return first.ballot().outcome() == second.ballot().outcome();
    }
  }

  Comparison {
    judgments = List.copyOf(judgments);
    presented = List.copyOf(presented);
    repeats = List.copyOf(repeats);
  }

  /** Whether both sides are of one arm, sampled alike: judges should find no difference. */
  boolean isSame() {
    return treatment.equals(control) && !matched;
  }

  String words() {
    String how = matched ? " at matched temperature" : "";
    String pair = treatment + " against " + control + how;
    return name.equals(Sides.unnamed(treatment, control)) ? pair : name + ": " + pair;
  }

  String shortly() {
    return name.equals(Sides.unnamed(treatment, control)) ? words() : name;
  }

  List<Ballot> ballots(JudgeKind kind) {
    return ballots(one -> one.kind() == kind);
  }

  List<Ballot> ballots(Predicate<Judgment> which) {
    return judgments.stream().filter(which).map(Judgment::ballot).toList();
  }

  List<Judgment> judgments(JudgeKind kind) {
    return judgments.stream().filter(one -> one.kind() == kind).toList();
  }

  /** What one kind of judges saw, each time. */
  List<Judgment> presented(JudgeKind kind) {
    return presented.stream().filter(one -> one.kind() == kind).toList();
  }
}
