package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.base.Words;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cosine between the gradient that is applied and that of plain cross-entropy, over all weights
 * and over those of each block: how far the shaping turns a step. Applied is what comes out of gain
 * and layer scaling, before the clip, which turns nothing; a scaling of updates is not in it.
 */
final class GradientCosine {
  private final Gpt model;
  private final Map<Parameter, Tensor> plain = new LinkedHashMap<>();

  GradientCosine(Gpt model, Scope kept) {
    this.model = model;
    for (Parameter parameter : model.parameters()) {
      int[] dims = parameter.master().shape().toArray();
      plain.put(parameter, kept.zeros(parameter.master().dtype(), dims));
    }
  }

  /** Takes the gradients that the weights have now for those of plain cross-entropy. */
  void keepPlain() {
    plain.forEach((parameter, copy) -> copy.copyFrom(parameter.tensor().gradient()));
  }

  /** Compares with the gradients that the weights have now. Needs an open tape; waits. */
  Map<String, Double> compare() {
    Map<Parameter, Products> products = new LinkedHashMap<>();
    plain.forEach((parameter, copy) ->
        products.put(parameter, Products.of(copy, parameter.tensor().gradient())));
    Map<String, Double> cosines = new LinkedHashMap<>();
    cosines.put("gradient_cosine", cosine(model.parameters(), products));
    for (int layer = 0; layer < model.config().layers(); layer++) {
      double cosine = cosine(model.blockParameters(layer), products);
      cosines.put(Words.of("block_%d_gradient_cosine", layer), cosine);
    }
    return cosines;
  }

  /** Of the gradients of some weights together; not a number if one of the two is zero. */
  private static double cosine(List<Parameter> parameters, Map<Parameter, Products> products) {
    Products sum =
        parameters.stream().map(products::get).reduce(new Products(0, 0, 0), Products::plus);
    return sum.ab / (Math.sqrt(sum.aa) * Math.sqrt(sum.bb));
  }

  /** Inner products of two gradients with themselves and with each other. */
  private record Products(double aa, double bb, double ab) {
    static Products of(Tensor a, Tensor b) {
      return new Products(product(a, a), product(b, b), product(a, b));
    }

    private static double product(Tensor a, Tensor b) {
      Tensor products = a.mul(b);
      double sum = products.sum().item();
      products.giveBack();
      return sum;
    }

    Products plus(Products other) {
      return new Products(aa + other.aa, bb + other.bb, ab + other.ab);
    }
  }
}
