package dev.tiebreak.losses.formula;

import dev.tiebreak.losses.formula.Expression.Call;
import dev.tiebreak.losses.formula.Expression.Name;
import dev.tiebreak.losses.formula.Expression.Number;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

/** The canonical text: spaces around operators, brackets only where they matter. */
final class Printer {
  private static final int SUM = 1;
  private static final int PRODUCT = 2;
  private static final int SIGN = 3;
  private static final int POWER = 4;
  private static final int ATOM = 5;

  private Printer() {}

  static String print(Expression expression) {
    return switch (expression) {
      case Number number -> number(number.value());
      case Name name -> name.quantity().symbol();
      case Call call -> call(call.operation(), call.arguments());
    };
  }

  private static String call(Operation operation, List<Expression> arguments) {
    return switch (operation) {
      case ADD, SUBTRACT -> infix(arguments, operation.symbol(), SUM, PRODUCT);
      case MULTIPLY, DIVIDE -> infix(arguments, operation.symbol(), PRODUCT, SIGN);
      case POWER -> infix(arguments, "^", ATOM, SIGN);
      case NEGATE -> "-" + at(SIGN, arguments.getFirst());
      default ->
          arguments.stream()
              .map(Printer::print)
              .collect(Collectors.joining(", ", operation.symbol() + "(", ")"));
    };
  }

  private static String infix(List<Expression> arguments, String sign, int left, int right) {
    return at(left, arguments.getFirst()) + " " + sign + " " + at(right, arguments.getLast());
  }

  /** In brackets if it binds less than its place asks for. */
  private static String at(int place, Expression expression) {
    return binding(expression) < place ? "(" + print(expression) + ")" : print(expression);
  }

  private static int binding(Expression expression) {
    if (expression instanceof Number number && number.value() < 0) {
      return SIGN;
    }
    if (!(expression instanceof Call call)) {
      return ATOM;
    }
    return switch (call.operation()) {
      case ADD, SUBTRACT -> SUM;
      case MULTIPLY, DIVIDE -> PRODUCT;
      case NEGATE -> SIGN;
      case POWER -> POWER;
      default -> ATOM;
    };
  }

  /** The shortest text that reads back to the same number; whole numbers without a point. */
  private static String number(double value) {
    if (!Double.isFinite(value)) {
      return String.valueOf(value);
    }
    String digits = new BigDecimal(Double.toString(value)).stripTrailingZeros().toString();
    return Math.abs(value) >= 1e-4 && Math.abs(value) < 1e7 || value == 0
        ? new BigDecimal(digits).toPlainString()
        : digits.replace("E+", "e").replace('E', 'e');
  }
}
