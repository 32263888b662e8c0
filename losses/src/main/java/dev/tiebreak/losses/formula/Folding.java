package dev.tiebreak.losses.formula;

import dev.tiebreak.losses.formula.Expression.Call;
import dev.tiebreak.losses.formula.Expression.Name;
import dev.tiebreak.losses.formula.Expression.Number;
import dev.tiebreak.losses.formula.Quantity.Extent;
import java.util.List;
import java.util.Map;

/** Puts numbers in for names and works out what then can be: 0 x, x^0 and softmax(2) too. */
final class Folding {
  private Folding() {}

  static Expression fold(Expression expression, Map<Quantity, Double> numbers) {
    return switch (expression) {
      case Number number -> number;
      case Name name -> {
        Double value = numbers.get(name.quantity());
        yield value == null ? name : new Number(value, name.column());
      }
      case Call call -> {
        List<Expression> arguments =
            call.arguments().stream().map(argument -> fold(argument, numbers)).toList();
        yield folded(new Call(call.operation(), arguments, call.column()), numbers);
      }
    };
  }

  private static Expression folded(Call call, Map<Quantity, Double> numbers) {
    List<Expression> x = call.arguments();
    if (call.operation().isPointwise() && x.stream().allMatch(Number.class::isInstance)) {
      double[] values = x.stream().mapToDouble(argument -> ((Number) argument).value()).toArray();
      return new Number(call.operation().apply(values), call.column());
    }
    Expression first = x.getFirst();
    Expression last = x.getLast();
    boolean same = first.extent() != Extent.TOKEN; // for every token
    return switch (call.operation()) {
      case ADD -> is(first, 0) ? last : is(last, 0) ? first : call;
      case SUBTRACT -> is(last, 0) ? first : call;
      case MULTIPLY ->
          is(first, 0) || is(last, 1) ? first : is(last, 0) || is(first, 1) ? last : call;
      case DIVIDE -> is(first, 0) || is(last, 1) ? first : call;
      case POWER -> is(last, 1) ? first : is(last, 0) ? new Number(1, call.column()) : call;
      case NORMALISE -> same ? new Number(1, call.column()) : call;
      case SOFTMAX -> same ? fold(share(call), numbers) : call;
      case MEAN, SHUFFLE -> same ? first : call;
      default -> call;
    };
  }

  /** 1 / n. */
  private static Expression share(Call call) {
    int column = call.column();
    return new Call(
        Operation.DIVIDE, List.of(new Number(1, column), new Name(Quantity.COUNT, column)), column);
  }

  private static boolean is(Expression expression, double value) {
    return expression instanceof Number number && number.value() == value;
  }
}
