package dev.tiebreak.trainer.evidence.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Decisive votes counted by everything that a {@link MixedLogit} knows of them, sorted by the
 * levels of the factor that has most: that one is eliminated level by level, the others together.
 *
 * @param terms factors with a random effect: first the one that is eliminated
 * @param levels how many each has
 * @param level of each term and cell, (terms, cells); non-decreasing for the first term
 * @param left of each cell: 1/2 if the treatment stood on the left, -1/2 if on the right
 * @param wins of each cell
 * @param sizes decisive votes of each cell
 * @param starts first cell of each level of the first term, and the end
 */
record MixedCells(
    List<Factor> terms,
    int[] levels,
    int[][] level,
    double[] left,
    double[] wins,
    double[] sizes,
    int[] starts) {

  /**
   * Counts. Terms with one level, with as many levels as there are votes, or that divide the votes
   * as a term before them does, are left out.
   */
  static MixedCells of(List<Ballot> decisive, List<Factor> wanted) {
    List<Factor> terms = new ArrayList<>();
    List<int[]> levels = new ArrayList<>();
    for (Factor factor : wanted) {
      int[] compact = factor.compact(decisive);
      int count = ClusterRobust.count(compact);
      boolean twin = false;
      for (int[] other : levels) {
        twin |=
            ClusterRobust.count(other) == count
                && ClusterRobust.count(ClusterRobust.both(other, compact)) == count;
      }
      if (count > 1 && count < decisive.size() && !twin) {
        int place = levels.isEmpty() || count <= ClusterRobust.count(levels.get(0)) ? -1 : 0;
        levels.add(place < 0 ? levels.size() : 0, compact);
        terms.add(place < 0 ? terms.size() : 0, factor);
      }
    }
    return of(decisive, terms, levels);
  }

  private static MixedCells of(List<Ballot> decisive, List<Factor> terms, List<int[]> levels) {
    int[] cell = new int[decisive.size()];
    for (int i = 0; i < cell.length; i++) {
      cell[i] = decisive.get(i).treatmentLeft() ? 1 : 0;
    }
    for (int[] compact : levels) {
      cell = ClusterRobust.both(compact, cell);
    }
    cell = ClusterRobust.both(cell, cell); // numbers without gaps, also where there is no term
    int cells = ClusterRobust.count(cell);
    int[] first = new int[cells]; // a ballot of each cell
    double[] wins = new double[cells];
    double[] sizes = new double[cells];
    for (int i = 0; i < cell.length; i++) {
      first[cell[i]] = i;
      wins[cell[i]] += decisive.get(i).outcome() > 0 ? 1 : 0;
      sizes[cell[i]]++;
    }
    List<Integer> order = new ArrayList<>();
    for (int c = 0; c < cells; c++) {
      order.add(c);
    }
    if (!levels.isEmpty()) {
      order.sort(Comparator.comparingInt(c -> levels.get(0)[first[c]]));
    }
    int[] counts = levels.stream().mapToInt(ClusterRobust::count).toArray();
    MixedCells sorted =
        new MixedCells(
            List.copyOf(terms),
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
      sorted.left[c] = decisive.get(first[from]).treatmentLeft() ? 0.5 : -0.5;
      sorted.wins[c] = wins[from];
      sorted.sizes[c] = sizes[from];
      sorted.starts[(counts.length == 0 ? 0 : sorted.level[0][c]) + 1] = c + 1;
    }
    return sorted;
  }

  /** How many levels are not eliminated. */
  int dense() {
    int dense = 0;
    for (int t = 1; t < levels.length; t++) {
      dense += levels[t];
    }
    return dense;
  }
}
