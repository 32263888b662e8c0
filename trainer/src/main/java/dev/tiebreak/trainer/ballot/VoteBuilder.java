package dev.tiebreak.trainer.ballot;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Fills a {@link Vote} in; every method but {@link #build} returns this. */
public final class VoteBuilder {
  private final String judge;
  private final JudgeKind kind;
  private String prompt = "";
  private String pair = "";
  private String left = "";
  private String right = "";
  private Choice choice;
  private OptionalLong seed = OptionalLong.empty();
  private OptionalLong responseMs = OptionalLong.empty();
  private Optional<Instant> at = Optional.empty();
  private String vendor = "";
  private String swappedOf = "";
  private boolean catchItem;
  private OptionalInt leftTokens = OptionalInt.empty();
  private OptionalInt rightTokens = OptionalInt.empty();
  private final Map<String, String> extra = new LinkedHashMap<>();

  VoteBuilder(String judge, JudgeKind kind) {
    this.judge = judge;
    this.kind = kind;
  }

  VoteBuilder(Vote vote) {
    this(vote.judge(), vote.kind());
    prompt = vote.prompt();
    pair = vote.pair();
    left = vote.left();
    right = vote.right();
    choice = vote.choice();
    seed = vote.seed();
    responseMs = vote.responseMs();
    at = vote.at();
    vendor = vote.vendor();
    swappedOf = vote.swappedOf();
    catchItem = vote.catchItem();
    leftTokens = vote.leftTokens();
    rightTokens = vote.rightTokens();
    extra.putAll(vote.extra());
  }

  /** What was judged, by ids. */
  public VoteBuilder on(String promptId, String pairId) {
    prompt = promptId;
    pair = pairId;
    return this;
  }

  /** What stood left and right: ids of texts, or names of arms. */
  public VoteBuilder sides(String leftName, String rightName) {
    left = leftName;
    right = rightName;
    return this;
  }

  /** What was said, by sides as shown. */
  public VoteBuilder choice(Choice value) {
    choice = value;
    return this;
  }

  /** Of the models. */
  public VoteBuilder seed(long value) {
    seed = OptionalLong.of(value);
    return this;
  }

  /** How long it took. */
  public VoteBuilder responseMs(long value) {
    responseMs = OptionalLong.of(value);
    return this;
  }

  /** When. */
  public VoteBuilder at(Instant value) {
    at = Optional.of(value);
    return this;
  }

  /** Of a model. */
  public VoteBuilder vendor(String value) {
    vendor = value;
    return this;
  }

  /** The pair that is shown again. */
  public VoteBuilder swappedOf(String value) {
    swappedOf = value;
    return this;
  }

  /** Whether one text is obvious nonsense. */
  public VoteBuilder catchItem(boolean value) {
    catchItem = value;
    return this;
  }

  /** Length of the left text. */
  public VoteBuilder leftTokens(int value) {
    leftTokens = OptionalInt.of(value);
    return this;
  }

  /** Length of the right text. */
  public VoteBuilder rightTokens(int value) {
    rightTokens = OptionalInt.of(value);
    return this;
  }

  /** A column of another name. */
  public VoteBuilder extra(String column, String value) {
    extra.put(column, value);
    return this;
  }

  /**
   * The vote.
   *
   * @throws IllegalStateException if nothing was chosen
   */
  public Vote build() {
    if (choice == null) {
      throw new IllegalStateException("a vote without a choice");
    }
    return new Vote(
        judge,
        kind,
        prompt,
        pair,
        left,
        right,
        choice,
        seed,
        responseMs,
        at,
        vendor,
        swappedOf,
        catchItem,
        leftTokens,
        rightTokens,
        extra);
  }
}
