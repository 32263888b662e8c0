package dev.tiebreak.trainer.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Makes the records of a configuration out of parsed TOML values, and names values of a wrong type.
 */
final class Binder {
  /**
   * A value and where it was written.
   *
   * @param node the value as parsed
   * @param origin the place, in words, such as a file name
   */
  record Entry(JsonNode node, String origin) {}

  private final Map<String, Entry> entries;

  /**
   * @param entries a value for every key of the {@link Schema}
   */
  Binder(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /**
   * @throws ConfigValueException if a value is of a wrong type or not allowed; it says where the
   *     value was written
   */
  TrainConfig bind() {
    try {
      RecordComponent[] sections = TrainConfig.class.getRecordComponents();
      Object[] records = new Object[sections.length];
      for (int i = 0; i < sections.length; i++) {
        String name = Names.snakeCase(sections[i].getName());
        records[i] = section(sections[i].getType().asSubclass(Record.class), name);
      }
      return Records.create(TrainConfig.class, records);
    } catch (ConfigValueException e) {
      throw e.from(entries.get(e.key()).origin());
    }
  }

  private Record section(Class<? extends Record> type, String name) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = name + "." + Names.snakeCase(components[i].getName());
      values[i] = convert(key, components[i]);
    }
    return Records.create(type, values);
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
    if (((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0]
        == Double.class) {
      return numbers(key, node);
    }
    return texts(key, node);
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
