package dev.tiebreak.tensor;

import dev.tiebreak.tensor.op.Add;
import dev.tiebreak.tensor.op.Attention;
import dev.tiebreak.tensor.op.BatchedMatmul;
import dev.tiebreak.tensor.op.Contiguous;
import dev.tiebreak.tensor.op.CosineDistance;
import dev.tiebreak.tensor.op.CrossEntropy;
import dev.tiebreak.tensor.op.Divergence;
import dev.tiebreak.tensor.op.Dropout;
import dev.tiebreak.tensor.op.Embedding;
import dev.tiebreak.tensor.op.Entropy;
import dev.tiebreak.tensor.op.Extremes;
import dev.tiebreak.tensor.op.Gelu;
import dev.tiebreak.tensor.op.GeluErf;
import dev.tiebreak.tensor.op.GradientHook;
import dev.tiebreak.tensor.op.LayerNorm;
import dev.tiebreak.tensor.op.Linear;
import dev.tiebreak.tensor.op.Multiply;
import dev.tiebreak.tensor.op.Norm;
import dev.tiebreak.tensor.op.Pointwise;
import dev.tiebreak.tensor.op.Predictions;
import dev.tiebreak.tensor.op.ResidualRmsNorm;
import dev.tiebreak.tensor.op.RmsNorm;
import dev.tiebreak.tensor.op.Rope;
import dev.tiebreak.tensor.op.Silu;
import dev.tiebreak.tensor.op.Softmax;
import dev.tiebreak.tensor.op.Sum;
import dev.tiebreak.tensor.op.SwiGlu;
import dev.tiebreak.tensor.op.UniformCrossEntropy;
import dev.tiebreak.tensor.op.Variance;
import java.util.function.Consumer;

/**
 * The operations of a {@link Tensor}, one line each. Formulas, shapes and both directions stand in
 * the class that each line calls. Results live in the open tape's scope.
 */
public sealed interface TensorOps permits Tensor {
  /** The tensor the operations act on. */
  Tensor self();

  /**
   * A row-major copy of a strided view; the tensor itself if it is row-major (and, on a GPU, begins
   * where kernels want tensors to begin). Every operation calls it for its arguments.
   */
  default Tensor contiguous() {
    return Contiguous.apply(self());
  }

  /** this + b; b repeats over leading dimensions. See {@link Add}. */
  default Tensor add(Tensor b) {
    return Add.apply(contiguous(), b.contiguous(), 1);
  }

  /**
   * this + branch, which takes the place of {@code branch}: nothing else may read that. See {@link
   * Add#inPlaceOfSecond}.
   */
  default Tensor addInPlaceOf(Tensor branch) {
    return Add.inPlaceOfSecond(contiguous(), branch);
  }

  /** this - b; b repeats over leading dimensions. See {@link Add}. */
  default Tensor sub(Tensor b) {
    return Add.apply(contiguous(), b.contiguous(), -1);
  }

  /** this * b, elementwise; b repeats over leading dimensions. See {@link Multiply}. */
  default Tensor mul(Tensor b) {
    return Multiply.apply(contiguous(), b.contiguous());
  }

  /** this / b, elementwise; composed of {@link #mul} and {@link #power}. */
  default Tensor div(Tensor b) {
    return mul(b.power(-1));
  }

  /** factor * this. */
  default Tensor scale(double factor) {
    return Pointwise.affine(contiguous(), factor, 0);
  }

  /** this + shift. */
  default Tensor shift(double shift) {
    return Pointwise.affine(contiguous(), 1, shift);
  }

  /** factor * this + shift. */
  default Tensor affine(double factor, double shift) {
    return Pointwise.affine(contiguous(), factor, shift);
  }

  /** e^this. */
  default Tensor exp() {
    return Pointwise.exp(contiguous());
  }

  /** The natural logarithm. */
  default Tensor log() {
    return Pointwise.log(contiguous());
  }

  /** this to a constant power. */
  default Tensor power(double exponent) {
    return Pointwise.power(contiguous(), exponent);
  }

  /** Every element brought into [low, high]. */
  default Tensor clamp(double low, double high) {
    return Pointwise.clamp(contiguous(), low, high);
  }

  /** The sum of all elements: a scalar. */
  default Tensor sum() {
    return Sum.all(contiguous(), 1);
  }

  /** The mean of all elements: a scalar. */
  default Tensor mean() {
    return Sum.all(contiguous(), 1.0 / self().size());
  }

  /** The population variance of all elements: a scalar. */
  default Tensor variance() {
    return Variance.all(contiguous());
  }

  /** The Euclidean norm of all elements: a scalar. */
  default Tensor norm() {
    return Norm.apply(contiguous());
  }

  /** The smallest and the largest element (2), without a gradient. See {@link Extremes}. */
  default Tensor extremes() {
    return Extremes.apply(contiguous());
  }

  /** Sums over the last dimension. */
  default Tensor sumLast() {
    return Sum.lastDimension(contiguous(), 1);
  }

  /** Means over the last dimension. */
  default Tensor meanLast() {
    return Sum.lastDimension(contiguous(), 1.0 / self().shape().columns());
  }

  /** Population variances over the last dimension. */
  default Tensor varianceLast() {
    return Variance.lastDimension(contiguous());
  }

  /** this W^T + b for W (out, in) and b (out) or null. See {@link Linear}. */
  default Tensor linear(Tensor weight, Tensor bias) {
    return Linear.apply(contiguous(), weight.contiguous(), bias == null ? null : bias.contiguous());
  }

  /** Matrix products over the last two dimensions. See {@link BatchedMatmul}. */
  default Tensor matmul(Tensor b) {
    return BatchedMatmul.apply(contiguous(), b.contiguous());
  }

  /** Rows of this (V, C) table. See {@link Embedding}. */
  default Tensor embedding(Tensor tokens) {
    return Embedding.apply(contiguous(), tokens.contiguous());
  }

  /** Softmax over the last dimension. */
  default Tensor softmax() {
    return Softmax.apply(contiguous());
  }

  /** Per-token cross-entropy in nats of these logits (..., V). See {@link CrossEntropy}. */
  default Tensor crossEntropy(Tensor targets) {
    return CrossEntropy.apply(contiguous(), targets.contiguous());
  }

  /** The same where nothing else reads these logits after it: saves their gradient's memory. */
  default Tensor crossEntropyInPlace(Tensor targets) {
    return CrossEntropy.inPlace(contiguous(), targets.contiguous());
  }

  /**
   * Loss of the target, entropy and lowest loss (..., 3) of softmax of these logits (..., V) at a
   * temperature, without a gradient. See {@link Predictions}.
   */
  default Tensor predictions(Tensor targets, double temperature) {
    return Predictions.apply(contiguous(), targets.contiguous(), temperature);
  }

  /** Cross-entropy of these logits (..., V) against all tokens. See {@link UniformCrossEntropy}. */
  default Tensor uniformCrossEntropy() {
    return UniformCrossEntropy.apply(contiguous());
  }

  /** The entropy in nats of softmax of these logits (..., V). See {@link Entropy}. */
  default Tensor entropy() {
    return Entropy.apply(contiguous());
  }

  /** The variance of surprise that these logits (..., V) predict, without a gradient. */
  default Tensor surprisalVariance() {
    return Entropy.surprisalVariance(contiguous());
  }

  /** Layer normalisation over the last dimension; bias may be null. See {@link LayerNorm}. */
  default Tensor layerNorm(Tensor weight, Tensor bias, double epsilon) {
    return LayerNorm.apply(
        contiguous(), weight.contiguous(), bias == null ? null : bias.contiguous(), epsilon);
  }

  /** Root-mean-square normalisation over the last dimension. See {@link RmsNorm}. */
  default Tensor rmsNorm(Tensor weight, double epsilon) {
    return RmsNorm.apply(contiguous(), weight.contiguous(), epsilon);
  }

  /** this + branch and its RMS norm; origin may be null. See {@link ResidualRmsNorm}. */
  default ResidualRmsNorm.Result residualRmsNorm(
      Tensor branch, Tensor weight, double epsilon, Tensor origin) {
    Tensor from = origin == null ? null : origin.contiguous();
    Tensor x = contiguous();
    return ResidualRmsNorm.apply(x, branch.contiguous(), weight.contiguous(), epsilon, from);
  }

  /** ||y - this|| / ||this||, a scalar without a gradient. See {@link Divergence}. */
  default Tensor divergence(Tensor y) {
    return Divergence.apply(contiguous(), y.contiguous());
  }

  /** The mean over rows of 1 - cos(this, y), without a gradient. See {@link CosineDistance}. */
  default Tensor cosineDistance(Tensor y) {
    return CosineDistance.apply(contiguous(), y.contiguous());
  }

  /** GELU, tanh form. See {@link Gelu}. */
  default Tensor gelu() {
    return Gelu.apply(contiguous());
  }

  /** GELU, exact form. See {@link GeluErf}. */
  default Tensor geluErf() {
    return GeluErf.apply(contiguous());
  }

  /** x sigmoid(x). */
  default Tensor silu() {
    return Silu.apply(contiguous());
  }

  /** The gated unit on packed (..., 2H). See {@link SwiGlu}. */
  default Tensor swiGlu() {
    return SwiGlu.apply(contiguous());
  }

  /** Rotary positions on packed queries, keys and values. See {@link Rope}. */
  default Tensor rope(Tensor cos, Tensor sin, int rotatedHeads, int headSize, int position) {
    return Rope.apply(contiguous(), cos, sin, rotatedHeads, headSize, position);
  }

  /** Causal attention on packed queries, keys and values. See {@link Attention}. */
  default Tensor attention(int heads, int kvHeads) {
    return Attention.apply(contiguous(), heads, kvHeads);
  }

  /** Causal attention after cached positions, without gradient. See {@link Attention#cached}. */
  default Tensor attention(int heads, int kvHeads, KvCache cache) {
    return Attention.cached(contiguous(), heads, kvHeads, cache);
  }

  /** Inverted dropout; draws numbers from {@code offset} on. See {@link Dropout}. */
  default Tensor dropout(double probability, Philox random, long offset) {
    return Dropout.apply(contiguous(), probability, random, offset);
  }

  /** The identity with a hook on the gradient. See {@link GradientHook}. */
  default Tensor withGradientHook(Consumer<Tensor> hook) {
    return GradientHook.apply(contiguous(), hook);
  }
}
