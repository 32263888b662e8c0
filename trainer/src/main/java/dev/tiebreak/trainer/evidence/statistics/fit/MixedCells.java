package dev.tiebreak.trainer.evidence.statistics.fit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Decisive votes counted by everything that a mixed model knows of them, sorted by the levels of
 * the factor that has most: that one is eliminated level by level, the others together.
 *
 * @param terms which of the factors have a random effect: first the one that is eliminated
 * @param levels how many each has
 * @param level of each term and cell, (terms, cells); non-decreasing for the first term
 * @param left of each cell: 1/2 if the treatment stood on the left, -1/2 if on the right
 * @param wins of each cell
 * @param sizes decisive votes of each cell
 * @param starts first cell of each level of the first term, and the end
 */
public record MixedCells(
    int[] terms,
    int[] levels,
    int[][] level,
    double[] left,
    double[] wins,
    double[] sizes,
    int[] starts) {

  /**
   * Counts. Terms with one level, with as many levels as there are votes, or that divide the votes
   * as a term before them does, are left out.
   *
   * @param wanted the level of each vote, by term
   * @param left whether the treatment stood on the left, by vote
   * @param won whether the treatment was preferred, by vote
   */
  public static MixedCells of(List<int[]> wanted, boolean[] left, boolean[] won) {
    List<Integer> terms = new ArrayList<>();
    List<int[]> levels = new ArrayList<>();
    for (int t = 0; t < wanted.size(); t++) {
      int[] level = wanted.get(t);
      int count = Levels.count(level);
      boolean twin = false;
      for (int[] other : levels) {
        twin |= Levels.count(other) == count && Levels.count(Levels.both(other, level)) == count;
      }
      if (count > 1 && count < level.length && !twin) {
        boolean most = !levels.isEmpty() && count > Levels.count(levels.getFirst());
        levels.add(most ? 0 : levels.size(), level);
        terms.add(most ? 0 : terms.size(), t);
      }
    }
    return of(terms, levels, left, won);
  }

  private static MixedCells of(
      List<Integer> terms, List<int[]> levels, boolean[] left, boolean[] won) {
    int[] cell = cellOfEach(levels, left);
    int cells = Levels.count(cell);
    int[] first = new int[cells]; // a ballot of each cell
    double[] wins = new double[cells];
    double[] sizes = new double[cells];
    for (int i = 0; i < cell.length; i++) {
      first[cell[i]] = i;
      wins[cell[i]] += won[i] ? 1 : 0;
      sizes[cell[i]]++;
    }
    List<Integer> order =
        IntStream.range(0, cells)
            .boxed()
            .sorted(
                Comparator.comparingInt(c -> levels.isEmpty() ? 0 : levels.getFirst()[first[c]]))
            .toList();
    int[] counts = levels.stream().mapToInt(Levels::count).toArray();
    MixedCells sorted =
        new MixedCells(
            terms.stream().mapToInt(Integer::intValue).toArray(),
            counts,
            new int[terms.size()][cells],
            new double[cells],
            new double[cells],
            new double[cells],
            new int[(counts.length == 0 ? 1 : counts[0]) + 1]);
    for (int c = 0; c < cells; c++) {
      int from = order.get(c);
      for (int t = 0; t < counts.length; t++) {
        sorted.level[t][c] = levels.get(t)[first[from]];
      }
      sorted.left[c] = left[first[from]] ? 0.5 : -0.5;
      sorted.wins[c] = wins[from];
      sorted.sizes[c] = sizes[from];
      sorted.starts[(counts.length == 0 ? 0 : sorted.level[0][c]) + 1] = c + 1;
    }
    return sorted;
  }

  private static int[] cellOfEach(List<int[]> levels, boolean[] left) {
    int[] cell = new int[left.length];
    for (int i = 0; i < cell.length; i++) {
      cell[i] = left[i] ? 1 : 0;
    }
    for (int[] compact : levels) {
      cell = Levels.both(compact, cell);
    }
    return Levels.both(cell, cell); // numbers without gaps, also where there is no term
  }

  /** How many levels are not eliminated. */
  public int dense() {
    int dense = 0;
    for (int t = 1; t < levels.length; t++) {
      dense += levels[t];
    }
    return dense;
  }
}
