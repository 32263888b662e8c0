package dev.tiebreak.losses.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The language: what is read, how it is printed, what is refused and where the fault is. */
class FormulaTest {
  private static final Map<Quantity, Double> FIXED =
      Map.of(Quantity.STRENGTH, 0.5, Quantity.EPSILON, 1e-6, Quantity.COUNT, 100.0);

  private static Formula fixed(String text) {
    return Formula.parse(text).with(FIXED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1+s*(l-m)/(v+eps)         | 1 + s * (l - m) / (v + eps)
          ((1 + (s * (l - m))))     | 1 + s * (l - m)
          (l - m) - (p - 1)         | l - m - (p - 1)
          l - (m + p)               | l - (m + p)
          (l*m)/p                   | l * m / p
          l*(m/p)                   | l * (m / p)
          (1-p)^s                   | (1 - p) ^ s
          pow(1 - p, s)             | (1 - p) ^ s
          -l^2                      | -l ^ 2
          (-l)^2                    | (-l) ^ 2
          2^-s                      | 2 ^ -s
          l^m^s                     | l ^ m ^ s
          (l^m)^s                   | (l ^ m) ^ s
          l - -m                    | l - -m
          -(l + m)                  | -(l + m)
          l*-m                      | l * -m
          .5e0*l+1e-12+10000000     | 0.5 * l + 1e-12 + 1e7
          1.50*l+2.0+1e3            | 1.5 * l + 2 + 1000
          clamp( l,0 ,3 )           | clamp(l, 0, 3)
          normalise(top(l - r, s))  | normalise(top(l - r, s))
          """)
  void theCanonicalTextHasOneFormAndReadsBackToIt(String text, String canonical) {
    Formula formula = Formula.parse(text);
    assertThat(formula).hasToString(canonical);
    assertThat(Formula.parse(canonical)).isEqualTo(formula).hasSameHashCodeAs(formula);
    assertThat(Formula.parse(canonical)).hasToString(canonical);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 + s * (l - mm) / v | column 14: no name mm; names are l, p, m, v, sigma, H, V, u, r, s, eps, n
          1 + expp(l)          | column 5: no function expp; functions are pow, exp, log, sqrt, sigmoid, abs, min, max, clamp, mean, normalise, softmax, top, rank, shuffle
          1 + s (l - m)        | column 7: s is no function; a product needs a sign, as in s * (...)
          1 + exp l            | column 9: expected ( after the function exp, found 'l'
          1 + (l - m           | column 11: expected an operator, a comma or ), found the end
          1 + s * l) / v       | column 10: expected one of + - * / ^ or the end, found ')'
          1 + * l              | column 5: expected a number, a name, a function or (, found '*'
          1 + l $ 2            | column 7: expected one of + - * / ^ or the end, found '$'
          top(l)               | column 1: top takes 2 arguments, not 1
          exp(l, m)            | column 1: exp takes 1 argument, not 2
          ''                   | column 1: expected a number, a name, a function or (, found the end
          2l                   | column 2: expected one of + - * / ^ or the end, found 'l'
          """)
  void aFaultIsNamedWithItsColumn(String text, String message) {
    assertThatThrownBy(() -> Formula.parse(text))
        .isInstanceOf(FormulaException.class)
        .hasMessage(message);
  }

  @Test
  void aWordThatIsNotKnownComesWithThoseThatAre() {
    assertThatThrownBy(() -> Formula.parse("1 + sgima * l"))
        .isInstanceOfSatisfying(
            FormulaException.class,
            fault -> {
              assertThat(fault).hasMessageStartingWith("column 5: ");
              assertThat(fault.word()).isEqualTo("sgima");
              assertThat(fault.known()).isEqualTo(Quantity.symbols());
            });
  }

  @Test
  void aFormulaWithoutEndIsRefusedBeforeItIsRead() {
    assertThatThrownBy(() -> Formula.parse("(".repeat(100_000)))
        .hasMessage("it has 100000 characters; 500 is the most");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 + 0 * (l - m) / v          | 1
          (1 - p) ^ 0                  | 1
          100 * softmax(0 * l)         | 1
          2 * sigmoid(0 * l)           | 1
          normalise(normalise(l) ^ 0)  | 1
          (1 - 0) * l + 0 * u          | l
          l - 0 * H                    | l
          2 * 3 + exp(0) - sqrt(9)     | 4
          mean(m) + shuffle(3)         | m + 3
          top(l, s)                    | top(l, 0.5)
          l ^ 1 / 1                    | l
          """)
  void whatIsKnownIsWorkedOut(String text, String folded) {
    assertThat(fixed(text)).hasToString(folded);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          (l - m) / m          | column 11: a divisor that can be 0; add eps to it, or use max(x, 1e-6) or normalise(x)
          p / mean(p)          | column 5: a divisor that can be 0; add eps to it, or use max(x, 1e-6) or normalise(x)
          1 + log(l)           | column 5: a logarithm of what can be 0 or less; use log(max(x, 1e-6))
          sqrt(l - m)          | column 1: a root of what can be negative; use sqrt(max(x, 0))
          1 + (l - m) ^ s      | column 6: a power of 0.5 of what can be negative; use max(x, 0)
          l ^ -1               | column 1: a power of -1.0 of what can be 0; use max(x, 1e-6)
          l ^ m                | column 1: a power of what can be 0 or less; use max(x, 1e-6) ^ y
          top(l, 1 + s)        | column 8: a share of tokens that is not a number above 0 and at most 1
          top(l, p)            | column 8: a share of tokens that is not a number above 0 and at most 1
          top(m, s)            | column 1: an order of what is the same for every token
          rank(2)              | column 1: an order of what is the same for every token
          clamp(l, 3, 2)       | column 1: clamp(x, low, high) with ends that are not two numbers in order
          clamp(l, 0, m)       | column 1: clamp(x, low, high) with ends that are not two numbers in order
          l + 1 / (s - 0.5)    | column 5: what begins here comes to Infinity
          """)
  void whatHasNoValueSomewhereIsRefusedWhereItStands(String text, String message) {
    assertThatThrownBy(() -> fixed(text).check())
        .isInstanceOf(FormulaException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 + s * (l - m) / (v + eps)",
        "l / (m + eps)",
        "normalise(p)",
        "(l - m) ^ 2",
        "log(l + 1)",
        "sqrt(abs(l - m))",
        "(1 + H) ^ -s",
        "exp(-l) / (1 + p)",
        "1 / sigma",
        "max(l - m, 0) ^ s",
        "2 ^ -(l - m)",
        "rank(l - r)",
        "clamp(l - m, -1, 1)",
        "V / v",
        "min(l, m) / max(v, 2)",
        "sigmoid(l) + softmax(l)"
      })
  void whatAlwaysHasAValueIsNotRefused(String text) {
    fixed(text).check();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          l                    | 0
          l - s * H            | -32
          l - l                | -Infinity
          (1 - s) * l + s * u  | 0
          1 - p                | 0
          abs(l - m)           | 0
          (l - m) ^ 2          | 0
          exp(-l)              | 0
          clamp(l - m, -3, 1)  | -3
          max(l - m, p)        | 0
          -sigmoid(l)          | -1
          """)
  void theLeastIsABound(String text, double least) {
    assertThat(fixed(text).least()).isEqualTo(least);
  }

  @Test
  void theValueForOneToken() {
    Map<Quantity, Double> token = new EnumMap<>(FIXED);
    token.put(Quantity.LOSS, 3.0);
    token.put(Quantity.MEAN, 2.0);
    token.put(Quantity.VARIANCE, 4.0);
    assertThat(Formula.parse("1 + s * (l - m) / v").at(token::get)).isEqualTo(1.125);
    assertThat(Formula.parse("max(-l, min(m, v)) ^ 2 - abs(l) - 1 / v").at(token::get))
        .isEqualTo(0.75);
    assertThat(
            Formula.parse("clamp(l, 0, 2) + sigmoid(m - 2) + log(exp(v)) + sqrt(v)").at(token::get))
        .isCloseTo(8.5, within(1e-15));
  }

  @Test
  void whatItUses() {
    Formula formula = Formula.parse("1 + s * (l - H) / V");
    assertThat(formula.uses(Quantity.ENTROPY)).isTrue();
    assertThat(formula.uses(Quantity.MEAN)).isFalse();
    assertThat(formula.isPointwise()).isTrue();
    assertThat(Formula.parse("1 + mean(l)").isPointwise()).isFalse();
    assertThat(formula.constant()).isEmpty();
    assertThat(fixed("2 * s + eps * 0").constant()).hasValue(1);
  }

  @Test
  void everyNameAndEveryFunctionIsRead() {
    for (Quantity quantity : Quantity.values()) {
      assertThat(Formula.parse(quantity.symbol()).uses(quantity)).isTrue();
    }
    List<String> functions = Operation.functions();
    assertThat(functions).hasSize(15).doesNotHaveDuplicates();
    assertThat(functions).doesNotContainAnyElementsOf(Quantity.symbols());
  }
}
