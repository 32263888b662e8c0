package dev.tiebreak.tensor;

import java.util.Arrays;

/**
 * How a model predicts at temperature T: for each row i of logits x (..., V) and its target, with p
 * = softmax(x[i] / T), the three numbers -log p[target], the entropy -sum over j of p[j] log p[j],
 * and -log max over j of p[j], in nats: (..., 3), of the wide type, without a gradient. The first
 * equals the third exactly where the target is a likeliest token.
 *
 * <p>With z = (x - max) / T, S = sum of e^z and A = sum of e^z z they are log S - z[target], log S
 * - A / S and log S. Nothing of the size of the logits is stored, so a model can be measured at
 * many temperatures in the memory of one evaluation.
 */
public final class Predictions {
  /** Numbers for each row. */
  public static final int NUMBERS = 3;

  /** The index of -log p[target]. */
  public static final int LOSS = 0;

  /** The index of the entropy. */
  public static final int ENTROPY = 1;

  /** The index of -log max p. */
  public static final int LOWEST = 2;

  // Stands for the exponent of what no longer counts: e^-100 is zero beside 1, and times 100 too.
  private Predictions() {}

  /** The three numbers of each row; detached. */
  static Tensor apply(Tensor logits, Tensor targets, double temperature) {
    Shapes.requireTokens("predictions", targets);
    Shapes.require(
        logits.shape().withoutLast().equals(targets.shape()),
        "predictions: logits %s do not fit targets %s",
        logits.shape(),
        targets.shape());
    Shapes.require(
        temperature > 0 && Double.isFinite(temperature),
        "predictions: the temperature is %s, it must be above 0",
        temperature);
    int n = logits.dim(-1);
    Shapes.requireIds("predictions: target", targets, n, 0);
    Tensor numbers = logits.wideResult(withNumbers(targets.shape()));
    switch (logits.backend()) {
      case CpuBackend cpu -> forward(cpu, numbers, logits, targets, n, 1 / temperature);
      case CudaBackend cuda ->
          cuda.kernel(Predictions.class, "predictions_forward", logits.dtype())
              .pointer(numbers.address())
              .pointer(logits.address())
              .pointer(targets.address())
              .real(1 / temperature)
              .count(n)
              .rows(targets.size(), n);
    }
    return numbers;
  }

  private static Shape withNumbers(Shape rows) {
    int[] dims = Arrays.copyOf(rows.toArray(), rows.toArray().length + 1);
    dims[dims.length - 1] = NUMBERS;
    return Shape.of(dims);
  }

  private static void forward(
      CpuBackend cpu, Tensor numbers, Tensor logits, Tensor targets, int n, double inverse) {
    boolean fast = cpu.vectorises(logits.dtype());
    cpu.forRows(
        targets.size(),
        n,
        (from, to, worker) -> {
          for (long i = from; i < to; i++) {
            long start = i * n;
            SoftmaxSums row =
                fast
                    ? SoftmaxSums.of(logits.memory(), start, n, (float) inverse)
                    : SoftmaxSums.of(logits, start, n, inverse);
            double lowest = Math.log(row.sum());
            double target = (logits.get(start + targets.getInt(i)) - row.max()) * inverse;
            numbers.set(i * NUMBERS + LOSS, lowest - target);
            numbers.set(i * NUMBERS + ENTROPY, lowest - row.mean());
            numbers.set(i * NUMBERS + LOWEST, lowest);
          }
        });
  }
}
