package dev.tiebreak.nn;

import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Philox;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/**
 * Makes the weights of a model in order, GPT-2's way (Radford et al., 2019): normal with standard
 * deviation 0.02, divided by sqrt(2 layers) where a layer writes into the residual stream; biases
 * 0, norms 1.
 *
 * <p>Every weight takes the next numbers of one seeded stream, so two models of the same shape and
 * seed start equal, whatever is done with them later.
 */
final class Initializer {
  private static final double STANDARD_DEVIATION = 0.02;

  private final Scope scope;
  private final DType dtype;
  private final Philox random;
  private final double residualDeviation;
  private final List<Parameter> parameters = new ArrayList<>();
  private long drawn;

  Initializer(Scope scope, DType dtype, long seed, int layers) {
    this.scope = scope;
    this.dtype = dtype;
    this.random = new Philox(seed, Philox.INIT);
    this.residualDeviation = STANDARD_DEVIATION / Math.sqrt(2.0 * layers);
  }

  /** The type of masters, of tables and of the gradients of weights. */
  DType wide() {
    return dtype.wide();
  }

  /** A matrix. */
  Tensor matrix(String name, int rows, int columns) {
    return normal(name, rows, columns, STANDARD_DEVIATION);
  }

  /** A matrix whose product is added to the residual stream. */
  Tensor residualMatrix(String name, int rows, int columns) {
    return normal(name, rows, columns, residualDeviation);
  }

  private Tensor normal(String name, int rows, int columns, double deviation) {
    long first = drawn;
    Shape shape = Shape.of(rows, columns);
    drawn += shape.size();
    return add(name, shape, i -> deviation * random.gaussian(first + i), true);
  }

  /** A vector of equal values. */
  Tensor vector(String name, int size, double value) {
    return add(name, Shape.of(size), _ -> value, false);
  }

  /** Makes a weight. */
  private Tensor add(String name, Shape shape, LongToDoubleFunction element, boolean decays) {
    Tensor master = scope.allocate(wide(), shape);
    master.fill(element);
    Tensor tensor = dtype == wide() ? master : scope.allocate(dtype, shape);
    Parameter parameter = new Parameter(name, tensor.requireGradient(wide()), master, decays);
    parameter.refresh();
    parameters.add(parameter);
    return tensor;
  }

  /** How many weights have been made: a layer's share is the part added while it was built. */
  int count() {
    return parameters.size();
  }

  /** All weights so far but the {@code first} ones, in order. */
  List<Parameter> since(int first) {
    return List.copyOf(parameters.subList(first, parameters.size()));
  }
}
