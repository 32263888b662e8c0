package dev.tiebreak.trainer.base;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file with a record in each line, as JSON: its format, its reader and its writer. Spelled as
 * {@link Json} says; empty lines are passed over; the first ten lines at fault are told.
 *
 * @param <R> the record
 */
public final class JsonLines<R> {
  private final Class<R> type;
  private final String what;
  private final String remedy;
  private final JsonMapper mapper;

  private JsonLines(Class<R> type, String what, String remedy, JsonMapper mapper) {
    this.type = type;
    this.what = what;
    this.remedy = remedy;
    this.mapper = mapper;
  }

  /**
   * A format.
   *
   * @param what the file is, for messages: {@code the prompts}
   * @param remedy what to do if a line is damaged
   */
  public static <R> JsonLines<R> of(Class<R> type, String what, String remedy) {
    return new JsonLines<>(type, what, remedy, Json.MAPPER);
  }

  /** The same, but fields that the record does not have are not read: others may add to lines. */
  public JsonLines<R> lenient() {
    return new JsonLines<>(type, what, remedy, Json.LENIENT);
  }

  /** A line, without its end. */
  public String line(R value) {
    return mapper.writeValueAsString(value);
  }

  /** The content of a file; equal records have equal texts. */
  public String text(Iterable<? extends R> values) {
    StringBuilder text = new StringBuilder();
    values.forEach(value -> text.append(line(value)).append('\n'));
    return text.toString();
  }

  /**
   * The record of a line.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public R parse(String line) {
    return Json.read(mapper, type, line);
  }

  /**
   * Reads all records of a file.
   *
   * @throws UserError if it cannot be read, or naming the lines at fault
   */
  public List<R> read(Path file) {
    List<R> records = new ArrayList<>();
    forEach(file, (value, _) -> records.add(value));
    return records;
  }

  /**
   * Reads a file record by record, keeping none.
   *
   * @param sink is given each record and the number of its line, from 1; throws {@link
   *     IllegalArgumentException} to say what is wrong with it
   */
  public void forEach(Path file, ObjIntConsumer<? super R> sink) {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      forEach(lines, false, file.toString(), sink);
    } catch (CharacterCodingException e) {
      throw TextFiles.notUtf8(file, what, e);
    } catch (IOException e) {
      throw UserError.io("read " + what, file, e);
    }
  }

  /** The same for a file that grows: a last line without its end is being written, or was cut. */
  public void forEachWhole(Path file, ObjIntConsumer<? super R> sink) {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      forEach(lines, !endsWhole(file), file.toString(), sink);
    } catch (IOException e) {
      throw UserError.io("read " + what, file, e);
    }
  }

  private static boolean endsWhole(Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return channel.size() > 0
          && channel.position(channel.size() - 1).read(last) == 1
          && last.get(0) == '\n';
    }
  }

  /**
   * Reads the content of a file record by record.
   *
   * @param origin where it stands, for messages
   */
  public void forEach(String text, String origin, ObjIntConsumer<? super R> sink) {
    try {
      forEach(new BufferedReader(new StringReader(text)), false, origin, sink);
    } catch (IOException e) {
      throw new AssertionError("a text can be read", e);
    }
  }

  private void forEach(
      BufferedReader lines, boolean isCut, String origin, ObjIntConsumer<? super R> sink)
      throws IOException {
    Faults faults = new Faults();
    String next = lines.readLine();
    for (int number = 1; next != null; number++) {
      String line = number == 1 ? TextFiles.withoutMark(next) : next;
      next = lines.readLine();
      if (line.isBlank() || (next == null && isCut)) {
        continue;
      }
      try {
        sink.accept(parse(line), number);
      } catch (IllegalArgumentException e) {
        faults.add(number, e.getMessage());
      }
    }
    faults.throwIfAny(origin, remedy);
  }
}
