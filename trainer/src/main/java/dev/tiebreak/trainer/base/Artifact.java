package dev.tiebreak.trainer.base;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON file that holds one record: its format, its reader and its writer. How a record is spelled
 * says {@link Json}; what may not stand in it, the record's constructor refuses with an {@link
 * IllegalArgumentException}, whose words come after the file's name.
 *
 * @param what the file is, for messages: {@code the run's summary}
 * @param remedy what to do if it is damaged
 * @param remedies the same for a user interface
 * @param format empty if the file does not name one
 * @param compact whether all is in one line
 */
public record Artifact<R>(
    Class<R> type,
    String what,
    String remedy,
    List<Remedy> remedies,
    String format,
    int version,
    boolean compact) {
  private static final String FORMAT = "format";
  private static final String VERSION = "version";

  /** A format; see the components. */
  public static <R> Artifact<R> of(Class<R> type, String what, String remedy, Remedy... remedies) {
    return new Artifact<>(type, what, remedy, List.of(remedies), "", 0, false);
  }

  /** The same, with these fields before the record's; files of another version are refused. */
  public Artifact<R> version(String name, int number) {
    return new Artifact<>(type, what, remedy, remedies, name, number, compact);
  }

  /** The same, but in one line. */
  public Artifact<R> inOneLine() {
    return new Artifact<>(type, what, remedy, remedies, format, version, true);
  }

  /** The content of a file; equal records have equal texts. It ends in a newline. */
  public String text(R value) {
    ObjectNode tree = Json.MAPPER.createObjectNode();
    if (!format.isEmpty()) {
      tree.put(FORMAT, format);
      tree.put(VERSION, version);
    }
    tree.setAll(Json.MAPPER.<ObjectNode>valueToTree(value));
    return compact ? Json.line(tree) + "\n" : Json.pretty(tree);
  }

  /**
   * Writes a file, whole or not at all.
   *
   * @throws UserError if it cannot be written; then what was there stays
   */
  public void write(Path file, R value) {
    TextFiles.write(file, text(value), what);
  }

  /**
   * Reads a file.
   *
   * @throws UserError if it cannot be read, is damaged, or of another version
   */
  public R read(Path file) {
    return parse(TextFiles.read(file, what), file.toString());
  }

  /**
   * Reads a file and makes something of its record.
   *
   * @param make throws {@link IllegalArgumentException} to say that nothing can be made of it
   */
  public <T> T read(Path file, Function<R, T> make) {
    R value = read(file);
    try {
      return make.apply(value);
    } catch (IllegalArgumentException e) {
      throw damaged(file.toString(), e.getMessage(), e);
    }
  }

  /** Reads a file, if there is one. */
  public Optional<R> readIfThere(Path file) {
    return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
  }

  /**
   * Reads the content of a file.
   *
   * @param origin where it stands, for messages
   */
  public R parse(String text, String origin) {
    try {
      JsonNode tree = Json.MAPPER.readTree(text);
      if (!format.isEmpty() && tree instanceof ObjectNode object) {
        requireVersion(object, origin);
      }
      return Json.bind(Json.MAPPER, tree, type);
    } catch (JacksonException e) {
      throw damaged(origin, Json.fault(e) + line(e), e);
    }
  }

  private UserError damaged(String origin, String fault, Exception cause) {
    return new UserError(
        Words.of("%s %s is damaged: %s; %s", what, origin, fault, remedy),
        cause,
        remedies.toArray(Remedy[]::new));
  }

  private static String line(JacksonException e) {
    boolean isSyntax = !(e instanceof DatabindException);
    return isSyntax ? " in line " + e.getLocation().getLineNr() : "";
  }

  private void requireVersion(ObjectNode tree, String origin) {
    String name = tree.path(FORMAT).asString("");
    int number = tree.path(VERSION).asInt(-1);
    if (!name.equals(format) || number != version) {
      throw new UserError(
          Words.of(
              "%s %s is not a %s of version %d; use the program that wrote it, or %s",
              what, origin, format, version, remedy));
    }
    tree.remove(FORMAT);
    tree.remove(VERSION);
  }
}
