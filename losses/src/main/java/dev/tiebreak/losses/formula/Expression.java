package dev.tiebreak.losses.formula;

import dev.tiebreak.losses.formula.Quantity.Extent;
import java.util.List;

/** A formula as a tree. Columns say where a part begins in the text, from 1; 0 for parts made. */
public sealed interface Expression {
  /** Where it begins. */
  int column();

  /** A number. */
  record Number(double value, int column) implements Expression {}

  /** Something that a micro-batch tells. */
  record Name(Quantity quantity, int column) implements Expression {}

  /** An operation on other expressions. */
  record Call(Operation operation, List<Expression> arguments, int column) implements Expression {
    /** Fixes the arguments. */
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** For how much one value of it holds. */
  default Extent extent() {
    return switch (this) {
      case Number _ -> Extent.FIXED;
      case Name name -> name.quantity.extent();
      case Call call -> {
        Extent widest = Extent.FIXED;
        for (Expression argument : call.arguments) {
          Extent extent = argument.extent();
          widest = extent.compareTo(widest) > 0 ? extent : widest;
        }
        boolean mean = call.operation == Operation.MEAN && widest == Extent.TOKEN;
        yield mean ? Extent.BATCH : widest;
      }
    };
  }

  /** Whether this quantity stands in it. */
  default boolean uses(Quantity quantity) {
    return switch (this) {
      case Number _ -> false;
      case Name name -> name.quantity == quantity;
      case Call call -> call.arguments.stream().anyMatch(argument -> argument.uses(quantity));
    };
  }

  /** Whether a token's value depends on other tokens through names only. */
  default boolean isPointwise() {
    return !(this instanceof Call call)
        || call.operation.isPointwise()
            && call.arguments.stream().allMatch(Expression::isPointwise);
  }
}
