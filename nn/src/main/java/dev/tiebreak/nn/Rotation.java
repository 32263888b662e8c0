package dev.tiebreak.nn;

import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.op.Rope;

/**
 * The cosines and sines of every position, shared by all layers.
 *
 * @param cos (T, D/2)
 * @param sin (T, D/2)
 */
record Rotation(Tensor cos, Tensor sin, int headSize) {
  static Rotation of(Initializer init, GptConfig config) {
    Shape shape = Shape.of(config.sequenceLength(), config.headSize() / 2);
    Tensor cos = init.scope().allocate(init.wide().wide(), shape);
    Tensor sin = init.scope().allocate(init.wide().wide(), shape);
    Rope.table(cos, sin, config.ropeTheta());
    return new Rotation(cos, sin, config.headSize());
  }

  /** Turns a product that nothing else reads, in its place. */
  Tensor forward(Tensor packed, int rotatedHeads, int position) {
    return Rope.inPlace(packed, cos, sin, rotatedHeads, headSize, position);
  }
}
