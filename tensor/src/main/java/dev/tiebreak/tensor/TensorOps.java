package dev.tiebreak.tensor;

/**
 * The operations of a {@link Tensor}, one line each. Formulas, shapes and both directions stand in
 * the class that each line calls. Results live in the open tape's scope.
 */
abstract sealed class TensorOps extends TensorData permits Tensor {
  TensorOps(Scope scope, DType dtype, Shape shape, long[] strides, long offset, Place storage) {
    super(scope, dtype, shape, strides, offset, storage);
  }

  /** The tensor the operations act on. */
  abstract Tensor self();

  /**
   * A row-major copy of a strided view; the tensor itself if it is row-major (and, on a GPU, begins
   * where kernels want tensors to begin). Every operation calls it for its arguments.
   */
  public final Tensor contiguous() {
    return Contiguous.apply(self());
  }

  /** this + b; b repeats over leading dimensions. See {@link Add}. */
  public final Tensor add(Tensor b) {
    return Add.apply(contiguous(), b.contiguous(), 1);
  }

  /**
   * this + branch, which takes the place of {@code branch}: nothing else may read that. See {@link
   * Add#inPlaceOfSecond}.
   */
  public final Tensor addInPlaceOf(Tensor branch) {
    return Add.inPlaceOfSecond(contiguous(), branch);
  }

  /** this - b; b repeats over leading dimensions. See {@link Add}. */
  public final Tensor sub(Tensor b) {
    return Add.apply(contiguous(), b.contiguous(), -1);
  }

  /** this * b, elementwise; b repeats over leading dimensions. See {@link Multiply}. */
  public final Tensor mul(Tensor b) {
    return Multiply.apply(contiguous(), b.contiguous());
  }

  /** this / b, elementwise; composed of {@link #mul} and {@link #power}. */
  public final Tensor div(Tensor b) {
    return mul(b.power(-1));
  }

  /** factor * this. */
  public final Tensor scale(double factor) {
    return Pointwise.affine(contiguous(), factor, 0);
  }

  /** this + shift. */
  public final Tensor shift(double shift) {
    return Pointwise.affine(contiguous(), 1, shift);
  }

  /** factor * this + shift. */
  public final Tensor affine(double factor, double shift) {
    return Pointwise.affine(contiguous(), factor, shift);
  }

  /** e^this. */
  public final Tensor exp() {
    return Pointwise.exp(contiguous());
  }

  /** The natural logarithm. */
  public final Tensor log() {
    return Pointwise.log(contiguous());
  }

  /** this to a constant power. */
  public final Tensor power(double exponent) {
    return Pointwise.power(contiguous(), exponent);
  }

  /** Every element brought into [low, high]. */
  public final Tensor clamp(double low, double high) {
    return Pointwise.clamp(contiguous(), low, high);
  }

  /** The sum of all elements: a scalar. */
  public final Tensor sum() {
    return Sum.all(contiguous(), 1);
  }

  /** The mean of all elements: a scalar. */
  public final Tensor mean() {
    return Sum.all(contiguous(), 1.0 / self().size());
  }

  /** The population variance of all elements: a scalar. */
  public final Tensor variance() {
    return Variance.all(contiguous());
  }

  /** The Euclidean norm of all elements: a scalar. */
  public final Tensor norm() {
    return EuclideanNorm.apply(contiguous());
  }

  /** The smallest and the largest element (2), without a gradient. See {@link Extremes}. */
  public final Tensor extremes() {
    return Extremes.apply(contiguous());
  }

  /** Sums over the last dimension. */
  public final Tensor sumLast() {
    return Sum.lastDimension(contiguous());
  }

  /** this W^T + b for W (out, in) and b (out) or null. See {@link Linear}. */
  public final Tensor linear(Tensor weight, Tensor bias) {
    return Linear.apply(contiguous(), weight.contiguous(), bias == null ? null : bias.contiguous());
  }

  /** Matrix products over the last two dimensions. See {@link BatchedMatmul}. */
  public final Tensor matmul(Tensor b) {
    return BatchedMatmul.apply(contiguous(), b.contiguous());
  }

  /** Rows of this (V, C) table. See {@link Embedding}. */
  public final Tensor embedding(Tensor tokens) {
    return Embedding.apply(contiguous(), tokens.contiguous());
  }

  /** Softmax over the last dimension. */
  public final Tensor softmax() {
    return Softmax.apply(contiguous());
  }

  /** Per-token cross-entropy in nats of these logits (..., V). See {@link CrossEntropy}. */
  public final Tensor crossEntropy(Tensor targets) {
    return CrossEntropy.apply(contiguous(), targets.contiguous());
  }

  /** The same where nothing else reads these logits after it: saves their gradient's memory. */
  public final Tensor crossEntropyInPlace(Tensor targets) {
    return CrossEntropy.inPlace(contiguous(), targets.contiguous());
  }

  /**
   * Loss of the target, entropy and lowest loss (..., 3) of softmax of these logits (..., V) at a
   * temperature, without a gradient. See {@link Predictions}.
   */
  public final Tensor predictions(Tensor targets, double temperature) {
    return Predictions.apply(contiguous(), targets.contiguous(), temperature);
  }

  /** Cross-entropy of these logits (..., V) against all tokens. See {@link UniformCrossEntropy}. */
  public final Tensor uniformCrossEntropy() {
    return UniformCrossEntropy.apply(contiguous());
  }

  /** The entropy in nats of softmax of these logits (..., V). See {@link Entropy}. */
  public final Tensor entropy() {
    return Entropy.apply(contiguous());
  }

  /** The variance of surprise that these logits (..., V) predict, without a gradient. */
  public final Tensor surprisalVariance() {
    return Entropy.surprisalVariance(contiguous());
  }

  /** Layer normalisation over the last dimension; bias may be null. See {@link LayerNorm}. */
  public final Tensor layerNorm(Tensor weight, Tensor bias, double epsilon) {
    return LayerNorm.apply(
        contiguous(), weight.contiguous(), bias == null ? null : bias.contiguous(), epsilon);
  }

  /** Root-mean-square normalisation over the last dimension. See {@link RmsNorm}. */
  public final Tensor rmsNorm(Tensor weight, double epsilon) {
    return RmsNorm.apply(contiguous(), weight.contiguous(), epsilon);
  }

  /** this + branch and its RMS norm; origin may be null. See {@link ResidualRmsNorm}. */
  public final ResidualRmsNorm.Result residualRmsNorm(
      Tensor branch, Tensor weight, double epsilon, Tensor origin) {
    Tensor from = origin == null ? null : origin.contiguous();
    Tensor x = contiguous();
    return ResidualRmsNorm.apply(x, branch.contiguous(), weight.contiguous(), epsilon, from);
  }

  /** ||y - this|| / ||this||, a scalar without a gradient. See {@link Divergence}. */
  public final Tensor divergence(Tensor y) {
    return Divergence.apply(contiguous(), y.contiguous());
  }

  /** The mean over rows of 1 - cos(this, y), without a gradient. See {@link CosineDistance}. */
  public final Tensor cosineDistance(Tensor y) {
    return CosineDistance.apply(contiguous(), y.contiguous());
  }

  /** GELU, tanh form. See {@link Gelu}. */
  public final Tensor gelu() {
    return Gelu.apply(contiguous());
  }

  /** GELU, exact form. See {@link GeluErf}. */
  public final Tensor geluErf() {
    return GeluErf.apply(contiguous());
  }

  /** x sigmoid(x). */
  public final Tensor silu() {
    return Silu.apply(contiguous());
  }

  /** The gated unit on packed (..., 2H). See {@link SwiGlu}. */
  public final Tensor swiGlu() {
    return SwiGlu.apply(contiguous());
  }

  /** Rotary positions on packed queries, keys and values. See {@link Rope}. */
  public final Tensor rope(Rotation rotation, int rotatedHeads, int position) {
    return Rope.apply(contiguous(), rotation, rotatedHeads, position);
  }

  /** The same in the place of this tensor, of which nothing else may know. See {@link Rope}. */
  public final Tensor ropeInPlace(Rotation rotation, int rotatedHeads, int position) {
    return Rope.inPlace(self(), rotation, rotatedHeads, position);
  }

  /** Inverted dropout; draws numbers from {@code offset} on. See {@link Dropout}. */
  public final Tensor dropout(double probability, Philox random, long offset) {
    return Dropout.apply(contiguous(), probability, random, offset);
  }
}
