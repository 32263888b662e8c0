package dev.tiebreak.losses;

import dev.tiebreak.losses.formula.Quantity;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * All micro-batches of a step side by side, (N B, T) for N of (B, T): first what formulas name of
 * their tokens, then the tokens' weights. What is worked out of it does not depend on N.
 */
final class WholeStep {
  private final Scope kept;
  private final Set<Quantity> names;
  private final Map<Quantity, Tensor> gathered = new EnumMap<>(Quantity.class);
  private Tensor weights; // null before the first step
  private int[] places; // of the tokens that count
  private int parts; // gathered so far
  private int taken; // weights that were taken since

  /**
   * @param kept owns what is gathered, from the first step on
   * @param names what to gather, losses among it
   */
  WholeStep(Scope kept, Set<Quantity> names) {
    this.kept = kept;
    this.names = names;
  }

  /** A step begins: what was left of another is forgotten. */
  void begin() {
    parts = 0;
    taken = 0;
    places = new int[0];
  }

  /** Copies the next of {@code count} micro-batches. */
  void add(Batch batch, int count) {
    for (Quantity name : names) {
      Tensor part = batch.get(name, false);
      Tensor whole = gathered.computeIfAbsent(name, _ -> allocate(part, count));
      part(whole, parts, count).copyFrom(part);
    }
    int before = parts * Math.toIntExact(batch.get(Quantity.LOSS, false).size());
    int[] more = Arrays.stream(batch.tokens().places()).map(place -> before + place).toArray();
    places = IntStream.concat(Arrays.stream(places), Arrays.stream(more)).toArray();
    parts++;
  }

  private Tensor allocate(Tensor part, int count) {
    int[] dims = part.shape().toArray();
    dims[0] = Math.multiplyExact(dims[0], count);
    return kept.zeros(part.dtype(), dims);
  }

  private static Tensor part(Tensor whole, int number, int count) {
    int rows = whole.shape().toArray()[0] / count;
    return whole.slice(0, number * rows, rows);
  }

  Map<Quantity, Tensor> gathered() {
    return gathered;
  }

  Tensor losses() {
    return gathered.get(Quantity.LOSS);
  }

  Tokens tokens() {
    return Tokens.of(losses(), places);
  }

  /** Keeps the weights that were worked out. */
  void weigh(Tensor all) {
    if (weights == null) {
      weights = allocate(all, 1);
    }
    weights.copyFrom(all);
  }

  /** Whether there are weights that no micro-batch has taken yet. */
  boolean isReady() {
    return taken < parts;
  }

  /** The weights of the next micro-batch (B, T). */
  Tensor next() {
    return part(weights, taken++, parts);
  }
}
