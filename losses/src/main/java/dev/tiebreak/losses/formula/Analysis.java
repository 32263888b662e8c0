package dev.tiebreak.losses.formula;

import dev.tiebreak.losses.formula.Expression.Call;
import dev.tiebreak.losses.formula.Expression.Name;
import dev.tiebreak.losses.formula.Expression.Number;
import dev.tiebreak.losses.formula.Quantity.Extent;
import java.util.List;

/**
 * What a folded formula can come to, by interval arithmetic. Refuses what has no value somewhere in
 * there: a division by what can be 0, a logarithm or a broken power of what can be negative.
 */
final class Analysis {
  private Analysis() {}

  static Bounds bounds(Expression expression) {
    return switch (expression) {
      case Number number -> finite(number);
      case Name name -> name.quantity().bounds();
      case Call call -> bounds(call);
    };
  }

  private static Bounds finite(Number number) {
    if (!Double.isFinite(number.value())) {
      throw new FormulaException(number.column(), "what begins here comes to " + number.value());
    }
    return new Bounds(number.value(), number.value());
  }

  private static Bounds bounds(Call call) {
    List<Bounds> of = call.arguments().stream().map(Analysis::bounds).toList();
    Bounds x = of.getFirst();
    Bounds y = of.getLast();
    return switch (call.operation()) {
      case ADD -> x.plus(y);
      case SUBTRACT -> x.plus(y.negated());
      case MULTIPLY -> x.times(y);
      case DIVIDE -> {
        String remedy = "; add eps to it, or use max(x, 1e-6) or normalise(x)";
        check(!y.contains(0), call.arguments().getLast(), "a divisor that can be 0" + remedy);
        yield x.times(y.inverse());
      }
      case NEGATE -> x.negated();
      case POWER -> power(call, x, y);
      case EXP -> new Bounds(Math.exp(x.low()), Math.exp(x.high()));
      case LOG -> {
        check(x.low() > 0, call, "a logarithm of what can be 0 or less; use log(max(x, 1e-6))");
        yield new Bounds(Math.log(x.low()), Math.log(x.high()));
      }
      case SQRT -> {
        check(x.low() >= 0, call, "a root of what can be negative; use sqrt(max(x, 0))");
        yield new Bounds(Math.sqrt(x.low()), Math.sqrt(x.high()));
      }
      case SIGMOID, SOFTMAX -> Bounds.SHARE;
      case ABS -> x.absolute();
      case MIN -> x.smaller(y);
      case MAX -> x.larger(y);
      case CLAMP -> clamp(call, x, of.get(1), y);
      case NORMALISE -> x.low() >= 0 ? Bounds.NOT_NEGATIVE : Bounds.ANY;
      case TOP, RANK -> order(call, y);
      case MEAN, SHUFFLE -> x;
    };
  }

  private static Bounds power(Call call, Bounds x, Bounds y) {
    if (!y.isPoint()) {
      check(x.low() > 0, call, "a power of what can be 0 or less; use max(x, 1e-6) ^ y");
      return Bounds.NOT_NEGATIVE;
    }
    double exponent = y.low();
    check(
        exponent >= 0 || !x.contains(0),
        call,
        "a power of " + exponent + " of what can be 0; use max(x, 1e-6)");
    boolean whole = exponent == Math.rint(exponent);
    check(
        whole || x.low() >= 0,
        call,
        "a power of " + exponent + " of what can be negative; use max(x, 0)");
    double low = Math.pow(x.low(), exponent);
    double high = Math.pow(x.high(), exponent);
    return x.low() < 0 && x.high() > 0 && exponent % 2 == 0
        ? new Bounds(0, Math.max(low, high))
        : Bounds.spanning(low, high);
  }

  private static Bounds clamp(Call call, Bounds x, Bounds low, Bounds high) {
    boolean fixed = call.arguments().stream().skip(1).allMatch(Analysis::isFixed);
    check(
        fixed && low.low() <= high.low(),
        call,
        "clamp(x, low, high) with ends that are not two numbers in order");
    return x.larger(low).smaller(high);
  }

  private static Bounds order(Call call, Bounds share) {
    boolean top = call.operation() == Operation.TOP;
    check(
        call.arguments().getFirst().extent() == Extent.TOKEN,
        call,
        "an order of what is the same for every token");
    check(
        !top || isFixed(call.arguments().getLast()) && share.low() > 0 && share.high() <= 1,
        call.arguments().getLast(),
        "a share of tokens that is not a number above 0 and at most 1");
    return Bounds.SHARE;
  }

  private static boolean isFixed(Expression expression) {
    return expression.extent() == Extent.FIXED;
  }

  private static void check(boolean holds, Expression at, String problem) {
    if (!holds) {
      throw new FormulaException(at.column(), problem);
    }
  }
}
