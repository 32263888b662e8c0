package dev.tiebreak.tensor;

import java.lang.foreign.MemorySegment;

/**
 * What the backward of an operation adds to the gradient of one input.
 *
 * @param gradient where it goes; null if none is wanted
 * @param add whether it must be added to what is there; else it is the first and must overwrite
 *     every element
 */
public record Contribution(Tensor gradient, boolean add) {
  /** For a kernel that has it written elsewhere, or nowhere. */
  static final Contribution NONE = new Contribution(null, false);

  /**
   * Starts a contribution to the gradient of an input; not wanted if it requires none or is null.
   */
  public static Contribution start(Tensor input) {
    if (input == null || !input.requiresGradient()) {
      return NONE;
    }
    boolean add = input.startGradient();
    return new Contribution(input.gradient(), add);
  }

  /** The same for loops that know no type but the input's. */
  static Contribution ofSameType(String op, Tensor input) {
    Contribution started = start(input);
    if (started.isWanted()) {
      Shapes.requireSameType(op, started.gradient, input);
    }
    return started;
  }

  /** Whether anybody wants it. */
  public boolean isWanted() {
    return gradient != null;
  }

  /** Adds to element {@code index}, or overwrites it. */
  public void put(long index, double value) {
    gradient.put(index, value, add);
  }

  /** For vector loops, see {@link Tensor#memory}. */
  public MemorySegment memory() {
    return gradient.memory();
  }

  /** For kernels; 0 if it is not wanted. */
  public long address() {
    return gradient == null ? 0 : gradient.address();
  }
}
