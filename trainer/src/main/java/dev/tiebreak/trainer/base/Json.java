package dev.tiebreak.trainer.base;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.databind.type.LogicalType;

/**
 * How this program's files spell records as JSON. Names are in snake case, in the order of the
 * components; an empty Optional is left out; a number that is not finite is null. Reading takes
 * nothing else: every component must be there, nothing beside them, each of its own type.
 */
public final class Json {
  /** Reads and writes by these rules. */
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .annotationIntrospector(new Components())
          .changeDefaultPropertyInclusion(
              usual -> usual.withValueInclusion(JsonInclude.Include.NON_ABSENT))
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(
              MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .withCoercionConfig(
              LogicalType.Textual,
              text -> {
                text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
              })
          .withCoercionConfig(
              BigDecimal.class,
              amount -> amount.setCoercion(CoercionInputShape.String, CoercionAction.TryConvert))
          .addModule(
              new SimpleModule()
                  .addSerializer(Double.class, new NumberWriter())
                  .addSerializer(double.class, new NumberWriter())
                  .addDeserializer(Double.class, new NumberReader())
                  .addDeserializer(double.class, new NumberReader()))
          .build();

  /** The same, but what is beside the components is passed over. */
  static final JsonMapper LENIENT =
      MAPPER.rebuild().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private static final String NOT_JSON = "not JSON"; // or more than one value

  private static final Set<Class<?>> MAY_BE_ABSENT =
      Set.of(Optional.class, OptionalDouble.class, OptionalInt.class, OptionalLong.class);

  private Json() {}

  /** A record, or another value, indented and ending in a newline. */
  public static String pretty(Object value) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
  }

  /**
   * A record from a text.
   *
   * @throws IllegalArgumentException saying what is wrong with it, and in which field
   */
  public static <R> R read(Class<R> type, String text) {
    return read(MAPPER, type, text);
  }

  /** The same from a part of a text; fields that the record does not have are not read. */
  public static <R> R read(Class<R> type, JsonNode part) {
    try {
      return bind(LENIENT, part, type);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(fault(e), e);
    }
  }

  static <R> R read(JsonMapper mapper, Class<R> type, String text) {
    try {
      return bind(mapper, mapper.readTree(text), type);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(fault(e), e);
    }
  }

  /** The same in one line, without its end. */
  public static String line(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** All components but Optionals have to be there. */
  private static final class Components extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
      return !MAY_BE_ABSENT.contains(member.getRawType());
    }
  }

  /** JSON has no infinity and no NaN: null stands for them. */
  private static final class NumberWriter extends StdSerializer<Double> {
    NumberWriter() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator json, SerializationContext context) {
      if (Double.isFinite(value)) {
        json.writeNumber(value);
      } else {
        json.writeNull();
      }
    }
  }

  private static final class NumberReader extends StdDeserializer<Double> {
    NumberReader() {
      super(Double.class);
    }

    @Override
    public Double deserialize(JsonParser json, DeserializationContext context) {
      return json.currentToken().isNumeric()
          ? (Double) json.getDoubleValue()
          : (Double) context.handleUnexpectedToken(Double.class, json);
    }

    @Override
    public Object getNullValue(DeserializationContext context) {
      return Double.NaN;
    }
  }

  /** What is wrong with a text, and in which field or line of it: {@code seed is missing ...}. */
  static String fault(JacksonException e) {
    return switch (e) {
      case UnrecognizedPropertyException unknown -> unknown(unknown);
      case ValueInstantiationException refused when refused.getCause() != null ->
          in(refused) + refusal(refused.getCause());
      case MismatchedInputException more when more.getTargetType() == JsonNode.class -> NOT_JSON;
      case MismatchedInputException mismatch when mismatch.getTargetType() != null ->
          mismatch(mismatch);
      case DatabindException other -> in(other) + other.getOriginalMessage();
      default -> NOT_JSON;
    };
  }

  private static String refusal(Throwable cause) {
    return cause instanceof NullPointerException
        ? "null stands where something is needed"
        : cause.getMessage();
  }

  private static String unknown(UnrecognizedPropertyException e) {
    Collection<Object> known = e.getKnownPropertyIds();
    List<String> names = known == null ? List.of() : known.stream().map(String::valueOf).toList();
    return path(e) + " is unknown" + Names.hint(e.getPropertyName(), names);
  }

  private static String mismatch(MismatchedInputException e) {
    String kind = kind(e.getTargetType());
    return e.getPath().isEmpty() ? "not " + kind : path(e) + " is missing or not " + kind;
  }

  private static String in(DatabindException e) {
    return e.getPath().isEmpty() ? "" : path(e) + ": ";
  }

  private static String path(DatabindException e) {
    return e.getPath().stream()
        .map(step ->
            step.getIndex() < 0 ? "." + step.getPropertyName() : "[" + step.getIndex() + "]")
        .collect(Collectors.joining())
        .replaceFirst("^\\.", "");
  }

  private static String kind(Class<?> type) {
    if (type == String.class) {
      return "a text";
    }
    if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
      return "a whole number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == double.class || Number.class.isAssignableFrom(type)) {
      return "a number";
    }
    if (type == Instant.class) {
      return "a time such as 2026-03-01T12:00:00Z";
    }
    if (type.isEnum()) {
      return Names.choices(type);
    }
    boolean isList = Collection.class.isAssignableFrom(type) || type.isArray();
    return isList ? "a list" : "a JSON object";
  }

  /** A tree as a record, by these rules. */
  static <R> R bind(JsonMapper mapper, JsonNode tree, Class<R> type) {
    R value = mapper.treeToValue(tree, type);
    if (value == null) {
      throw MismatchedInputException.from((JsonParser) null, type, "null");
    }
    return value;
  }
}
