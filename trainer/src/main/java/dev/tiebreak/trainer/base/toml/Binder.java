package dev.tiebreak.trainer.base.toml;

import dev.tiebreak.trainer.base.Names;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Makes the records of a TOML file out of parsed values, and names values of a wrong type. */
public final class Binder {
  /** A value and where it was written. */
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
     * @return a {@link ConfigValueException}, or the same
     */
    IllegalArgumentException of(String section, IllegalArgumentException fault);
  }

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
      return record(schema.root(), schema.prefix());
    } catch (ConfigValueException e) {
      throw entries.containsKey(e.key()) ? e.from(entries.get(e.key()).origin()) : e;
    }
  }

  private <R extends Record> R record(Class<R> type, String prefix) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = prefix + Names.snakeCase(components[i].getName());
      Class<?> part = components[i].getType();
      values[i] =
          part.isRecord()
              ? section(part.asSubclass(Record.class), name)
              : convert(name, components[i]);
    }
    return Records.create(type, values);
  }

  private Record section(Class<? extends Record> type, String name) {
    try {
      return record(type, name + ".");
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
    Type list = component.getGenericType();
    return elements(key, node, ((ParameterizedType) list).getActualTypeArguments()[0]);
  }

  private static Object elements(String key, JsonNode node, Type element) {
    if (element == Double.class) {
      return list(key, node, JsonNode::isNumber, JsonNode::doubleValue, "a list of numbers in [ ]");
    }
    if (element == Long.class) {
      String allowed = "a list of whole numbers in [ ]";
      return list(key, node, Binder::isLong, JsonNode::longValue, allowed);
    }
    String allowed = "a text in quotes or a list of them in [ ]";
    return node.isString() // a single text stands for a list of one
        ? List.of(node.stringValue())
        : list(key, node, JsonNode::isString, JsonNode::stringValue, allowed);
  }

  private static boolean isLong(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong();
  }

  private static Object constant(String key, JsonNode node, Class<?> type) {
    for (Object constant : type.getEnumConstants()) {
      if (node.isString() && node.stringValue().equals(Names.label((Enum<?>) constant))) {
        return constant;
      }
    }
    throw new ConfigValueException(key, plain(node), Names.choices(type));
  }

  private static <T> List<T> list(
      String key,
      JsonNode node,
      Predicate<JsonNode> isOne,
      Function<JsonNode, T> value,
      String allowed) {
    List<T> values = new ArrayList<>();
    require(node.isArray(), key, node, allowed);
    for (JsonNode element : node) {
      require(isOne.test(element), key, node, allowed);
      values.add(value.apply(element));
    }
    return values;
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
