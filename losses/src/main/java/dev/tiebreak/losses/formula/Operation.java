package dev.tiebreak.losses.formula;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a formula can do with numbers: operators, functions of a token, functions of all tokens. */
public enum Operation {
  /** x + y. */
  ADD("+", 2, x -> x[0] + x[1]),
  /** x - y. */
  SUBTRACT("-", 2, x -> x[0] - x[1]),
  /** x * y. */
  MULTIPLY("*", 2, x -> x[0] * x[1]),
  /** x / y. */
  DIVIDE("/", 2, x -> x[0] / x[1]),
  /** -x. */
  NEGATE("-", 1, x -> -x[0]),
  /** x ^ y, which can be written pow(x, y). */
  POWER("pow", 2, x -> Math.pow(x[0], x[1])),
  /** e^x. */
  EXP("exp", 1, x -> Math.exp(x[0])),
  /** The natural logarithm. */
  LOG("log", 1, x -> Math.log(x[0])),
  /** The square root. */
  SQRT("sqrt", 1, x -> Math.sqrt(x[0])),
  /** 1 / (1 + e^-x). */
  SIGMOID("sigmoid", 1, x -> 1 / (1 + Math.exp(-x[0]))),
  /** |x|. */
  ABS("abs", 1, x -> Math.abs(x[0])),
  /** The smaller of two. */
  MIN("min", 2, x -> Math.min(x[0], x[1])),
  /** The larger of two. */
  MAX("max", 2, x -> Math.max(x[0], x[1])),
  /** x brought into [low, high]. */
  CLAMP("clamp", 3, x -> Math.min(Math.max(x[0], x[1]), x[2])),
  /** The mean over tokens. */
  MEAN("mean", 1, null),
  /** x over its mean; 1 for every token if that is not positive. */
  NORMALISE("normalise", 1, null),
  /** e^x over its sum. */
  SOFTMAX("softmax", 1, null),
  /** 1 for a share of the tokens, those of largest x; 0 for the others. */
  TOP("top", 2, null),
  /** A token's place in the order of x, from 0 for the smallest to 1. */
  RANK("rank", 1, null),
  /** The values of x, dealt to the tokens at random. */
  SHUFFLE("shuffle", 1, null);

  /** Numbers to a number. */
  @FunctionalInterface
  interface Rule {
    double apply(double... x);
  }

  private static final List<Operation> OPERATORS = List.of(ADD, SUBTRACT, MULTIPLY, DIVIDE, NEGATE);

  private final String symbol;
  private final int arity;
  private final Rule rule; // null if it is of all tokens at once

  Operation(String symbol, int arity, Rule rule) {
    this.symbol = symbol;
    this.arity = arity;
    this.rule = rule;
  }

  String symbol() {
    return symbol;
  }

  int arity() {
    return arity;
  }

  /** Whether a token's result depends on its own arguments only. */
  boolean isPointwise() {
    return rule != null;
  }

  double apply(double... x) {
    return rule.apply(x);
  }

  static Optional<Operation> function(String name) {
    return Arrays.stream(values())
        .filter(f -> !OPERATORS.contains(f) && f.symbol.equals(name))
        .findFirst();
  }

  /** The names of all functions, in order. */
  public static List<String> functions() {
    return Arrays.stream(values())
        .filter(f -> !OPERATORS.contains(f))
        .map(Operation::symbol)
        .toList();
  }
}
