package dev.tiebreak.trainer.evidence.statistics;

import java.util.Optional;
import java.util.function.Function;

/**
 * What a computation found: a value, or why there is none. A table of votes may be too small or too
 * one-sided for some figures; these then say so in words, and never as NaN.
 *
 * @param <T> the value's type
 */
public sealed interface Finding<T> {
  /**
   * A value.
   *
   * @param <T> its type
   */
  record Known<T>(T value) implements Finding<T> {}

  /**
   * None.
   *
   * @param reason a clause for people, such as "all votes are ties"
   * @param <T> the type that the value would have had
   */
  record Unknown<T>(String reason) implements Finding<T> {}

  static <T> Finding<T> of(T value) {
    return new Known<>(value);
  }

  static <T> Finding<T> none(String reason) {
    return new Unknown<>(reason);
  }

  default Optional<T> found() {
    return this instanceof Known<T>(T value) ? Optional.of(value) : Optional.empty();
  }

  /** The value, or null: for cells of tables. */
  default T orNull() {
    return found().orElse(null);
  }

  /** Why there is no value, or nothing if there is one. */
  default Optional<String> missing() {
    return this instanceof Unknown<T>(String reason) ? Optional.of(reason) : Optional.empty();
  }

  /** Something made of the value; the reason stays if there is none. */
  default <R> Finding<R> map(Function<? super T, ? extends R> change) {
    return flatMap(value -> of(change.apply(value)));
  }

  /** Something that may not be found, made of the value; the reason stays if there is none. */
  default <R> Finding<R> flatMap(Function<? super T, Finding<R>> change) {
    return switch (this) {
      case Known<T>(T value) -> change.apply(value);
      case Unknown<T>(String reason) -> none(reason);
    };
  }
}
