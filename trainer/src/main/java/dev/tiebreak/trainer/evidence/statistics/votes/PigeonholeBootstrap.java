package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.evidence.statistics.Basis;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.Randomness;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import dev.tiebreak.trainer.evidence.statistics.fit.Levels;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Bootstrap of the decisive win rate over crossed clusters: judges are drawn with replacement, and
 * so are prompts (and pairs of models), each apart; a vote then counts as often as its judge was
 * drawn times as often as its prompt was. The interval is of percentiles.
 *
 * @param factors what was drawn
 * @param rate wins / decisive in the votes as they are
 * @param se standard deviation of the resamples' rates
 * @param interval percentiles of these
 */
public record PigeonholeBootstrap(
    List<Factor> factors, double rate, double se, Interval interval, int resamples, long seed) {
  public static final Basis BASIS =
      new Basis(
          "Judges and prompts are random draws from all that there could be; the interval is rather"
              + " too wide than too narrow.",
          "Owen, Annals of Applied Statistics 1 (2007)");

  /** Votes that share all levels. */
  private record Cells(int[][] levels, double[] wins, double[] sizes) {}

  /** Resamples; ways are usually judges and prompts. */
  public static Finding<PigeonholeBootstrap> of(
      List<Ballot> ballots, List<Factor> ways, int resamples, double level, long seed) {
    if (resamples < 2) {
      throw new IllegalArgumentException(resamples + " resamples");
    }
    List<Ballot> decisive = Ballot.decisive(ballots);
    Tally tally = Tally.of(ballots);
    if (decisive.isEmpty()) {
      return tally.rate().map(_ -> null);
    }
    for (Factor way : ways) {
      if (way.count(decisive) < 2) {
        return Finding.none("the decisive votes have only one " + way);
      }
    }
    if (tally.wins() == 0 || tally.losses() == 0) {
      return Finding.none("all decisive votes went the same way, so they show no spread");
    }
    double[] rates = resample(cells(decisive, ways), resamples, Randomness.of(seed));
    double se = Sample.of(rates).sd();
    Arrays.sort(rates);
    double rate = (double) tally.wins() / tally.decisive();
    Interval interval = Sample.percentiles(rates, level);
    return Finding.of(
        new PigeonholeBootstrap(List.copyOf(ways), rate, se, interval, resamples, seed));
  }

  private static Cells cells(List<Ballot> decisive, List<Factor> ways) {
    int[][] levels = new int[ways.size()][];
    int[] cell = null;
    for (int f = 0; f < levels.length; f++) {
      levels[f] = ways.get(f).compact(decisive);
      cell = cell == null ? levels[f] : Levels.both(cell, levels[f]);
    }
    int count = Levels.count(cell);
    Cells cells = new Cells(new int[levels.length][count], new double[count], new double[count]);
    for (int i = 0; i < cell.length; i++) {
      int c = cell[i];
      for (int f = 0; f < levels.length; f++) {
        cells.levels[f][c] = levels[f][i];
      }
      cells.wins[c] += decisive.get(i).outcome() > 0 ? 1 : 0;
      cells.sizes[c]++;
    }
    return cells;
  }

  private static double[] resample(Cells cells, int resamples, RandomGenerator random) {
    int[][] drawn = new int[cells.levels.length][];
    for (int f = 0; f < drawn.length; f++) {
      drawn[f] = new int[Levels.count(cells.levels[f])];
    }
    double[] rates = new double[resamples];
    for (int r = 0; r < resamples; ) {
      for (int[] times : drawn) {
        Arrays.fill(times, 0);
        for (int i = 0; i < times.length; i++) {
          times[random.nextInt(times.length)]++;
        }
      }
      double wins = 0;
      double size = 0;
      for (int c = 0; c < cells.wins.length; c++) {
        int times = 1;
        for (int f = 0; f < drawn.length; f++) {
          times *= drawn[f][cells.levels[f][c]];
        }
        wins += times * cells.wins[c];
        size += times * cells.sizes[c];
      }
      if (size > 0) { // a draw that has no vote at all says nothing
        rates[r++] = wins / size;
      }
    }
    return rates;
  }
}
