package dev.tiebreak.trainer.lab.examine;

import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tokens divided into ten parts of equal size, to within one, by a key, the smallest first. Equal
 * keys are taken in the order of the tokens, so a token that is very frequent may stand in several
 * parts; they are the same parts for every model.
 */
final class Deciles {
  static final int PARTS = 10;

  private final int[] order; // tokens by their key

  private Deciles(int[] order) {
    this.order = order;
  }

  /** Divides by keys, one per token. */
  static Deciles by(double[] keys) {
    int[] order = IntStream.range(0, keys.length).toArray();
    IntArrays.mergeSort(order, (a, b) -> Double.compare(keys[a], keys[b])); // stable
    return new Deciles(order);
  }

  /** The mean of each part's values; not a number where a part has no token. */
  List<Double> means(float[] values) {
    List<Double> means = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      int from = start(part);
      int to = start(part + 1);
      double sum = 0;
      for (int i = from; i < to; i++) {
        sum += values[order[i]];
      }
      means.add(sum / (to - from));
    }
    return means;
  }

  /** The tokens of one part. */
  int[] tokens(int part) {
    return IntStream.range(start(part), start(part + 1)).map(i -> order[i]).toArray();
  }

  private int start(int part) {
    return (int) ((long) order.length * part / PARTS);
  }
}
