package dev.tiebreak.losses;

import dev.tiebreak.losses.formula.Expression;
import dev.tiebreak.losses.formula.Expression.Call;
import dev.tiebreak.losses.formula.Expression.Name;
import dev.tiebreak.losses.formula.Expression.Number;
import dev.tiebreak.losses.formula.Formula;
import dev.tiebreak.tensor.Tensor;
import java.util.List;

/** Works out a formula on a micro-batch, with the operations of tensors. */
final class Evaluator {
  private static final double SMALLEST = 1e-30; // whose broken powers have finite slopes
  private static final double STEEPEST = 80; // e^ of it is a float32
  private static final double NOTHING = 1e30; // what e^ of its negative is

  private final Batch batch;
  private final Tokens tokens;
  private final TokenOrder order;
  private final boolean flows;

  /**
   * @param order deals and sorts
   * @param flows whether a gradient flows through the result
   */
  Evaluator(Batch batch, TokenOrder order, boolean flows) {
    this.batch = batch;
    this.tokens = batch.tokens();
    this.order = order;
    this.flows = flows;
  }

  /** Of a formula in which all that can be a number is one; ignored tokens get anything finite. */
  Value value(Formula formula) {
    return value(formula.root());
  }

  private Value value(Expression expression) {
    return switch (expression) {
      case Number number -> Value.of(number.value());
      case Name name -> Value.of(batch.get(name.quantity(), flows));
      case Call call -> value(call, call.arguments().stream().map(this::value).toList());
    };
  }

  private Value value(Call call, List<Value> arguments) {
    Value x = arguments.getFirst();
    Value y = arguments.getLast();
    return switch (call.operation()) {
      case ADD -> x.plus(y);
      case SUBTRACT -> x.minus(y);
      case MULTIPLY -> x.times(y);
      case DIVIDE -> x.times(y.inverse());
      case NEGATE -> x.times(-1);
      case POWER -> power(call.arguments().getFirst(), x, y);
      case SQRT -> power(call.arguments().getFirst(), x, Value.of(0.5));
      case EXP -> Value.of(x.tensor().exp());
      case LOG -> Value.of(x.tensor().log());
      case SIGMOID -> sigmoid(x);
      case ABS -> larger(x, x.times(-1));
      case MIN -> larger(x.times(-1), y.times(-1)).times(-1);
      case MAX -> larger(x, y);
      case CLAMP -> Value.of(x.tensor().clamp(arguments.get(1).shift(), y.shift()));
      case MEAN -> new Value(tokens.mean(x.x()), x.factor(), x.shift());
      case NORMALISE -> Value.of(tokens.meanOne(x.tensor()));
      case SOFTMAX -> Value.of(softmax(x.tensor()));
      case TOP -> Value.of(order.top(x.tensor(), y.shift()));
      case RANK -> Value.of(order.rank(x.tensor()));
      case SHUFFLE -> Value.of(order.shuffle(x.tensor(), batch.microBatch()));
    };
  }

  /** x^y; rounding may have made x a little smaller than it can be. */
  private static Value power(Expression base, Value x, Value y) {
    if (x.isNumber() || !y.isNumber()) { // e^(y log x)
      Value log = x.isNumber() ? Value.of(Math.log(x.shift())) : Value.of(x.tensor().log());
      return Value.of(y.times(log).tensor().exp());
    }
    double exponent = y.shift();
    boolean broken = exponent != Math.rint(exponent);
    Tensor safe = x.tensor();
    if (broken && !Formula.isPositive(base)) {
      safe = safe.clamp(SMALLEST, Double.MAX_VALUE);
    }
    return Value.of(safe.power(exponent));
  }

  /** 1 / (1 + e^-x). */
  private Value sigmoid(Value x) {
    Tensor negative = x.times(-1).tensor();
    Tensor bounded = flows ? negative.clamp(-STEEPEST, STEEPEST) : negative;
    return Value.of(bounded.exp()).plus(1).inverse();
  }

  /** y + max(x - y, 0), or a clamp if one is a number. */
  private static Value larger(Value x, Value y) {
    if (y.isNumber()) {
      return Value.of(x.tensor().clamp(y.shift(), Double.MAX_VALUE));
    }
    if (x.isNumber()) {
      return larger(y, x);
    }
    return y.plus(Value.of(x.minus(y).tensor().clamp(0, Double.MAX_VALUE)));
  }

  /** e^x over its sum over the counted tokens, 0 for the others; safe for any x. */
  private Tensor softmax(Tensor x) {
    Tensor mask = tokens.mask();
    Tensor counted = mask == null ? x : x.add(mask.shift(-1).scale(NOTHING));
    return counted.reshape(-1).softmax().reshape(x.shape().toArray());
  }
}
