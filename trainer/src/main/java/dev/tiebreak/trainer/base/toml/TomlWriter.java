package dev.tiebreak.trainer.base.toml;

import dev.tiebreak.trainer.base.Names;
import dev.tiebreak.trainer.base.Words;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a configuration as TOML, every key, in the order of the record components. */
public final class TomlWriter {
  private static final double LEAST_PLAIN = 1e-4;
  private static final double MOST_PLAIN = 1e7;

  private TomlWriter() {}

  public static String write(Record config) {
    StringBuilder toml = new StringBuilder();
    for (RecordComponent section : config.getClass().getRecordComponents()) {
      toml.append(toml.isEmpty() ? "" : "\n");
      toml.append('[').append(Names.snakeCase(section.getName())).append("]\n");
      Object record = Records.get(section, config);
      for (RecordComponent key : section.getType().getRecordComponents()) {
        toml.append(Names.snakeCase(key.getName())).append(" = ");
        toml.append(literal(Records.get(key, record))).append('\n');
      }
    }
    return toml.toString();
  }

  /** A value as TOML writes it; text in quotes. */
  public static String literal(Object value) {
    return switch (value) {
      case Double number -> number(number);
      case Enum<?> constant -> '"' + Names.label(constant) + '"';
      case String text -> string(text);
      case List<?> list ->
          list.stream().map(TomlWriter::literal).collect(Collectors.joining(", ", "[", "]"));
      default -> value.toString(); // whole numbers and booleans
    };
  }

  /** The shortest text that reads back to the same number: 0.001, 3e-8, 10000.0, inf. */
  public static String number(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    double size = Math.abs(value);
    String digits = Double.toString(value);
    if (size == 0 || size >= LEAST_PLAIN && size < MOST_PLAIN) {
      return digits.contains("E") ? new BigDecimal(digits).toPlainString() : digits;
    }
    return digits.replace(".0E", "e").replace('E', 'e');
  }

  private static String string(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        case '\r' -> quoted.append("\\r");
        default -> {
          if (c < ' ' || c == 0x7F) {
            quoted.append(Words.of("\\u%04X", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
