package dev.tiebreak.tensor;

/**
 * Inverted dropout (Srivastava et al., 2014): y = x m / (1 - p) where m is 1 with probability 1 - p
 * and else 0. Backward: dx = dy m / (1 - p). The mask is not stored: element i draws number {@code
 * offset + i}, in both directions.
 */
final class Dropout {
  private Dropout() {}

  /** y, of x's shape; x itself if the probability is 0. */
  static Tensor apply(Tensor x, double probability, Philox random, long offset) {
    Shapes.require(
        probability >= 0 && probability < 1,
        "dropout: probability must be in [0, 1), got %s",
        probability);
    if (probability == 0) {
      return x;
    }
    Tensor y = x.like();
    mask(y, x, probability, random, offset, false);
    return y.record(
        () -> {
          boolean add = x.startGradient();
          Shapes.requireSameType("dropout", x.gradient(), x);
          mask(x.gradient(), y.gradient(), probability, random, offset, add);
        },
        x);
  }

  private static void mask(
      Tensor y, Tensor x, double probability, Philox random, long offset, boolean add) {
    double scale = 1 / (1 - probability);
    switch (y.backend()) {
      case CpuBackend cpu -> mask(cpu, y, x, probability, scale, random, offset, add);
      case CudaBackend cuda ->
          cuda.kernel(Dropout.class, "dropout_mask", y.dtype())
              .pointer(y.address())
              .pointer(x.address())
              .count(y.size())
              .count((long) Math.ceil(probability * 0x1p32)) // of 32 random bits
              .real(scale)
              .count(random.seed())
              .integer(random.stream())
              .count(offset)
              .flag(add)
              .over(y.size());
    }
  }

  private static void mask(
      CpuBackend cpu,
      Tensor y,
      Tensor x,
      double probability,
      double scale,
      Philox random,
      long offset,
      boolean add) {
    cpu.forElements(
        y.size(),
        (from, to, worker) -> {
          for (long i = from; i < to; i++) {
            boolean kept = random.uniform(offset + i) >= probability;
            y.put(i, kept ? x.get(i) * scale : 0, add);
          }
        });
  }
}
