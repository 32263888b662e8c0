package dev.tiebreak.tensor;

import java.util.Locale;
import java.util.stream.Stream;

/**
 * The door for operations that are not methods of {@link Tensor}: attention, in a package of its
 * own, and yours.
 *
 * <p>An operation takes memory by {@link Tensor#like}, {@link Tensor#result} or {@link
 * Tensor#wideResult}, computes, and records how to run backwards:
 *
 * <pre>{@code
 * static Tensor square(Tensor x) {
 *   Tensor y = x.like();
 *   for (long i = 0; i < x.size(); i++) {
 *     y.set(i, x.get(i) * x.get(i));
 *   }
 *   return Operation.record(
 *       y,
 *       dy -> {
 *         Contribution dx = Contribution.start(x);
 *         for (long i = 0; i < x.size(); i++) {
 *           dx.put(i, 2 * x.get(i) * dy.get(i));
 *         }
 *       },
 *       x);
 * }
 * }</pre>
 *
 * <p>That runs on the CPU. For vector loops there are {@link Tensor#memory} and {@link CpuBackend};
 * for a GPU, {@link CudaBackend#kernel} runs a function of the {@code .cu} file that stands beside
 * the operation's class, whose package must be open to this module.
 */
public final class Operation {
  private Operation() {}

  /** The way back of an operation. */
  @FunctionalInterface
  public interface Backward {
    /**
     * Adds to the gradient of every input that requires one, by {@link Contribution#start}.
     *
     * @param dy the gradient of the result, of its shape
     */
    void run(Tensor dy);
  }

  /**
   * Puts a result on the open tape. Nothing is recorded if no input requires a gradient. A backward
   * that leaves out an input which requires one is an IllegalStateException when it has run.
   *
   * @param y what the operation has computed
   * @param inputs all that it depends on; they must not be changed before the way back has run
   * @return y
   */
  public static Tensor record(Tensor y, Backward backward, Tensor... inputs) {
    return y.record(() -> checked(y, backward, inputs), backward.getClass(), inputs);
  }

  private static void checked(Tensor y, Backward backward, Tensor[] inputs) {
    int[] before = Stream.of(inputs).mapToInt(Tensor::contributions).toArray();
    backward.run(y.gradient());
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i].requiresGradient() && inputs[i].contributions() == before[i]) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "the backward of %s adds nothing to the gradient of its input %d, %s: call"
                    + " Contribution.start for it and write what it gives",
                OpTimes.name(backward.getClass()),
                i,
                inputs[i]));
      }
    }
  }
}
