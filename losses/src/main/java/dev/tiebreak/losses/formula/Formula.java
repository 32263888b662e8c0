package dev.tiebreak.losses.formula;

import dev.tiebreak.losses.formula.Expression.Call;
import dev.tiebreak.losses.formula.Expression.Name;
import dev.tiebreak.losses.formula.Expression.Number;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * A formula that has been read, and perhaps had numbers put in. Two are equal if their canonical
 * texts are.
 */
public final class Formula {
  private final Expression root;

  private Formula(Expression root) {
    this.root = root;
  }

  /**
   * Reads a formula such as {@code 1 + s * (l - m) / (v + eps)}.
   *
   * @throws FormulaException if it is none, with the column of the fault
   */
  public static Formula parse(String text) {
    return new Formula(Parser.parse(text));
  }

  /** Its tree. */
  public Expression root() {
    return root;
  }

  /** Whether this quantity stands in it. */
  public boolean uses(Quantity quantity) {
    return root.uses(quantity);
  }

  /** Whether it is this operation as a whole. */
  public boolean isCall(Operation operation) {
    return root instanceof Call call && call.operation() == operation;
  }

  /** Whether a token's value depends on other tokens through names only, such as m. */
  public boolean isPointwise() {
    return root.isPointwise();
  }

  /** The same with numbers for some quantities, and all worked out that can be. */
  public Formula with(Map<Quantity, Double> numbers) {
    return new Formula(Folding.fold(root, numbers));
  }

  /** Its value if it is the same for every token and known. */
  public OptionalDouble constant() {
    return root instanceof Number number
        ? OptionalDouble.of(number.value())
        : OptionalDouble.empty();
  }

  /**
   * Its value for one token; of all tokens at once it must ask for nothing, see {@link
   * #isPointwise}.
   */
  public double at(ToDoubleFunction<Quantity> values) {
    return at(root, values);
  }

  private static double at(Expression expression, ToDoubleFunction<Quantity> values) {
    return switch (expression) {
      case Number number -> number.value();
      case Name name -> values.applyAsDouble(name.quantity());
      case Call call -> {
        double[] arguments = new double[call.arguments().size()];
        for (int i = 0; i < arguments.length; i++) {
          arguments[i] = at(call.arguments().get(i), values);
        }
        yield call.operation().apply(arguments);
      }
    };
  }

  /** Whether a part of a formula that was checked is above 0 for certain. */
  public static boolean isPositive(Expression part) {
    return Analysis.bounds(part).low() > 0;
  }

  /** The least that it can come to, perhaps minus infinity. See {@link #check}. */
  public double least() {
    return Analysis.bounds(root).low();
  }

  /**
   * Makes sure that it has a value whatever a micro-batch tells. Needs numbers for what is {@link
   * Quantity.Extent#FIXED}.
   *
   * @throws FormulaException if it divides by what can be 0, and the like
   */
  public void check() {
    Analysis.bounds(root);
  }

  /** The canonical text: equal for formulas that differ in spaces and brackets only. */
  @Override
  public String toString() {
    return Printer.print(root);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Formula formula && toString().equals(formula.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }
}
