package dev.tiebreak.trainer.base.toml;

import dev.tiebreak.trainer.base.Names;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Makes the records of a TOML file out of parsed values, and names values of a wrong type. */
public final class Binder {
  /**
   * A value and where it was written.
   *
   * @param node the value as parsed
   * @param origin the place, in words, such as a file name
   */
  public record Entry(JsonNode node, String origin) {}

  private final Schema schema;
  private final Map<String, Entry> entries;
  private final Faults faults;

  /** What it means for a section of a file that its record refuses a value. */
  @FunctionalInterface
  public interface Faults {
    /**
     * Names the key at fault.
     *
     * @param section the dotted name of the section
     * @param fault what the record's constructor has thrown
     * @return a {@link ConfigValueException}, or the same
     */
    IllegalArgumentException of(String section, IllegalArgumentException fault);
  }

  /**
   * @param schema the record to make
   * @param entries a value for every key of the schema
   * @param faults for records that know nothing of files
   */
  Binder(Schema schema, Map<String, Entry> entries, Faults faults) {
    this.schema = schema;
    this.entries = entries;
    this.faults = faults;
  }

  /**
   * @throws ConfigValueException if a value is of a wrong type or not allowed; it says where the
   *     value was written
   */
  public Record bind() {
    try {
      RecordComponent[] components = schema.root().getRecordComponents();
      Object[] values = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        String name = schema.prefix() + Names.snakeCase(components[i].getName());
        Class<?> type = components[i].getType();
        values[i] =
            type.isRecord()
                ? section(type.asSubclass(Record.class), name)
                : convert(name, components[i]);
      }
      return Records.create(schema.root(), values);
    } catch (ConfigValueException e) {
      throw entries.containsKey(e.key()) ? e.from(entries.get(e.key()).origin()) : e;
    }
  }

  private Record section(Class<? extends Record> type, String name) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = name + "." + Names.snakeCase(components[i].getName());
      values[i] = convert(key, components[i]);
    }
    try {
      return Records.create(type, values);
    } catch (IllegalArgumentException e) {
      throw faults.of(name, e);
    }
  }

  private Object convert(String key, RecordComponent component) {
    JsonNode node = entries.get(key).node();
    Class<?> type = component.getType();
    if (type == int.class) {
      require(node.isIntegralNumber(), key, node, "a whole number");
      require(node.canConvertToInt(), key, node, "at most " + Integer.MAX_VALUE);
      return node.intValue();
    }
    if (type == long.class) {
      require(node.isIntegralNumber(), key, node, "a whole number");
      require(node.canConvertToLong(), key, node, "at most " + Long.MAX_VALUE);
      return node.longValue();
    }
    if (type == double.class) {
      require(node.isNumber(), key, node, "a number");
      return node.doubleValue();
    }
    if (type == boolean.class) {
      require(node.isBoolean(), key, node, "true or false");
      return node.booleanValue();
    }
    if (type == String.class) {
      require(node.isString(), key, node, "a text in quotes");
      return node.stringValue();
    }
    if (type.isEnum()) {
      return constant(key, node, type);
    }
    Type element = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
    if (element == Double.class) {
      return numbers(key, node);
    }
    return element == Long.class ? wholeNumbers(key, node) : texts(key, node);
  }

  private static Object constant(String key, JsonNode node, Class<?> type) {
    for (Object constant : type.getEnumConstants()) {
      if (node.isString() && node.stringValue().equals(Names.label((Enum<?>) constant))) {
        return constant;
      }
    }
    throw new ConfigValueException(key, plain(node), Names.choices(type));
  }

  private static List<Double> numbers(String key, JsonNode node) {
    List<Double> numbers = new ArrayList<>();
    require(node.isArray(), key, node, "a list of numbers in [ ]");
    for (JsonNode element : node) {
      require(element.isNumber(), key, node, "a list of numbers in [ ]");
      numbers.add(element.doubleValue());
    }
    return numbers;
  }

  private static List<Long> wholeNumbers(String key, JsonNode node) {
    String allowed = "a list of whole numbers in [ ]";
    List<Long> numbers = new ArrayList<>();
    require(node.isArray(), key, node, allowed);
    for (JsonNode element : node) {
      require(element.isIntegralNumber() && element.canConvertToLong(), key, node, allowed);
      numbers.add(element.longValue());
    }
    return numbers;
  }

  /** A single text stands for a list of one. */
  private static List<String> texts(String key, JsonNode node) {
    if (node.isString()) {
      return List.of(node.stringValue());
    }
    List<String> texts = new ArrayList<>();
    require(node.isArray(), key, node, "a text in quotes or a list of them in [ ]");
    for (JsonNode element : node) {
      require(element.isString(), key, node, "a text in quotes or a list of them in [ ]");
      texts.add(element.stringValue());
    }
    return texts;
  }

  private static void require(boolean holds, String key, JsonNode node, String allowed) {
    if (!holds) {
      throw new ConfigValueException(key, plain(node), allowed);
    }
  }

  /** The parsed value as a Java value that {@link TomlWriter#literal} can write. */
  private static Object plain(JsonNode node) {
    if (node.isArray()) {
      List<Object> list = new ArrayList<>();
      node.forEach(element -> list.add(plain(element)));
      return list;
    }
    if (node.isFloatingPointNumber()) {
      return node.doubleValue();
    }
    return node.isString() ? node.stringValue() : node;
  }
}
