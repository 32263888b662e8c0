package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.base.DurableLines;
import dev.tiebreak.trainer.base.Faults;
import dev.tiebreak.trainer.base.TextFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** {@code votes.jsonl}: votes as a table that grows, a line each. */
public final class VoteLog implements VoteSink {
  /** The name it has in a folder of pairs. */
  public static final String NAME = "votes.jsonl";

  private final Path file;
  private final DurableLines lines;
  private final List<Vote> votes = new ArrayList<>();
  private final Set<VoteId> done = new LinkedHashSet<>();

  private VoteLog(Path file, DurableLines lines) {
    this.file = file;
    this.lines = lines;
    votes.addAll(Votes.parseLines(TextFiles.read(file, "the votes"), file.toString()));
    votes.forEach(vote -> done.add(vote.id()));
  }

  /**
   * Opens a file, or makes it.
   *
   * @throws dev.tiebreak.trainer.base.UserError if it cannot be read or written, a line is not a
   *     vote, or another process has it open
   */
  public static VoteLog open(Path file) {
    return DurableLines.open(file, "the votes", lines -> new VoteLog(file, lines));
  }

  @Override
  public synchronized void addAll(List<Vote> added) {
    addAll(added, false);
  }

  /**
   * Keeps a table of votes in which a judge may have judged a pair several times; else as {@link
   * #addAll}.
   */
  public synchronized void addTable(List<Vote> added) {
    addAll(added, true);
  }

  private void addAll(List<Vote> added, boolean again) {
    Faults faults = new Faults();
    Set<VoteId> fresh = new LinkedHashSet<>();
    for (Vote vote : added) {
      if (done.contains(vote.id())) {
        faults.add(vote.id() + " is there already");
      } else if (!fresh.add(vote.id()) && !again) {
        faults.add(vote.id() + " is added twice");
      }
    }
    if (again) {
      noteSpellings(added, faults);
    }
    faults.throwIfAny(file.toString(), "no vote was added; leave out those");
    if (!added.isEmpty()) {
      lines.appendAll(added.stream().map(VoteWriter::line).toList());
      votes.addAll(added);
      done.addAll(fresh);
    }
  }

  /** What is called as before, but for capitals or blanks, is told by its row in the table. */
  private void noteSpellings(List<Vote> added, Faults faults) {
    Ids ids = new Ids();
    Faults old = new Faults();
    votes.forEach(vote -> ids.note(0, vote, old));
    for (int row = 0; row < added.size(); row++) {
      ids.note(row + 1L, added.get(row), faults);
    }
  }

  /**
   * Takes votes out of the file again.
   *
   * @return how many they were
   */
  public synchronized int remove(Predicate<Vote> which) {
    int before = votes.size();
    List<Vote> kept = votes.stream().filter(which.negate()).toList();
    lines.replaceAll(kept.stream().map(VoteWriter::line).toList());
    votes.clear();
    votes.addAll(kept);
    done.clear();
    kept.forEach(vote -> done.add(vote.id()));
    return before - kept.size();
  }

  @Override
  public synchronized Set<VoteId> done() {
    return Set.copyOf(done);
  }

  @Override
  public synchronized List<Vote> votes() {
    return List.copyOf(votes);
  }

  @Override
  public void close() {
    lines.close();
  }
}
