package dev.tiebreak.losses.formula;

import dev.tiebreak.losses.formula.Expression.Call;
import dev.tiebreak.losses.formula.Expression.Name;
import dev.tiebreak.losses.formula.Expression.Number;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a formula by recursive descent:
 *
 * <pre>
 *   sum     = product (("+" | "-") product)*
 *   product = signed (("*" | "/") signed)*
 *   signed  = "-" signed | power
 *   power   = atom ("^" signed)?
 *   atom    = number | name | function "(" sum ("," sum)* ")" | "(" sum ")"
 * </pre>
 */
final class Parser {
  private static final int MOST_CHARACTERS = 500;
  private static final Pattern NUMBER = Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
  private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");

  private final String text;
  private int place;

  private Parser(String text) {
    this.text = text;
  }

  static Expression parse(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new FormulaException(
          0, "it has " + text.length() + " characters; " + MOST_CHARACTERS + " is the most");
    }
    Parser parser = new Parser(text);
    Expression whole = parser.sum();
    if (parser.next() != 0) {
      throw parser.expected("one of + - * / ^ or the end");
    }
    return whole;
  }

  private Expression sum() {
    Expression left = product();
    while (true) {
      if (accept('+')) {
        left = call(Operation.ADD, left, product());
      } else if (accept('-')) {
        left = call(Operation.SUBTRACT, left, product());
      } else {
        return left;
      }
    }
  }

  private Expression product() {
    Expression left = signed();
    while (true) {
      if (accept('*')) {
        left = call(Operation.MULTIPLY, left, signed());
      } else if (accept('/')) {
        left = call(Operation.DIVIDE, left, signed());
      } else {
        return left;
      }
    }
  }

  private Expression signed() {
    if (accept('-')) {
      int column = place;
      return new Call(Operation.NEGATE, List.of(signed()), column);
    }
    Expression base = atom();
    return accept('^') ? call(Operation.POWER, base, signed()) : base;
  }

  private static Call call(Operation operation, Expression left, Expression right) {
    return new Call(operation, List.of(left, right), left.column());
  }

  private Expression atom() {
    next();
    int column = place + 1;
    Matcher number = NUMBER.matcher(text).region(place, text.length());
    if (number.lookingAt()) {
      place = number.end();
      return new Number(Double.parseDouble(number.group()), column);
    }
    Matcher word = WORD.matcher(text).region(place, text.length());
    if (word.lookingAt()) {
      place = word.end();
      return named(word.group(), column);
    }
    if (!accept('(')) {
      throw expected("a number, a name, a function or (");
    }
    Expression inner = sum();
    require(')');
    return inner;
  }

  private Expression named(String word, int column) {
    Optional<Quantity> quantity = Quantity.of(word);
    Optional<Operation> function = Operation.function(word);
    if (next() == '(') {
      if (quantity.isPresent()) {
        throw new FormulaException(
            place + 1,
            word + " is no function; a product needs a sign, as in " + word + " * (...)");
      }
      return arguments(
          function.orElseThrow(() -> unknown("function", word, column, Operation.functions())),
          column);
    }
    if (function.isPresent()) {
      throw expected("( after the function " + word);
    }
    return new Name(
        quantity.orElseThrow(() -> unknown("name", word, column, Quantity.symbols())), column);
  }

  private static FormulaException unknown(
      String what, String word, int column, List<String> known) {
    String problem =
        String.format(
            Locale.ROOT, "no %s %s; %ss are %s", what, word, what, String.join(", ", known));
    return new FormulaException(column, problem, word, known);
  }

  private Expression arguments(Operation function, int column) {
    List<Expression> arguments = new ArrayList<>();
    require('(');
    do {
      arguments.add(sum());
    } while (accept(','));
    if (next() == ')' && arguments.size() != function.arity()) {
      throw new FormulaException(
          column,
          String.format(
              Locale.ROOT,
              "%s takes %d argument%s, not %d",
              function.symbol(),
              function.arity(),
              function.arity() == 1 ? "" : "s",
              arguments.size()));
    }
    require(')');
    return new Call(function, arguments, column);
  }

  /** The next character that is no space, which stays; 0 at the end. */
  private char next() {
    while (place < text.length() && Character.isWhitespace(text.charAt(place))) {
      place++;
    }
    return place < text.length() ? text.charAt(place) : 0;
  }

  private boolean accept(char c) {
    if (next() != c) {
      return false;
    }
    place++;
    return true;
  }

  private void require(char c) {
    if (!accept(c)) {
      throw expected(c == ')' ? "an operator, a comma or )" : String.valueOf(c));
    }
  }

  private FormulaException expected(String what) {
    String found = next() == 0 ? "the end" : "'" + text.substring(place).split("\\s")[0] + "'";
    return new FormulaException(place + 1, "expected " + what + ", found " + found);
  }
}
