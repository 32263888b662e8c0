package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.tokenizer.TextPieces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * The text to train on: files, folders and the JDK's own documentation, read in the order given.
 *
 * <p>A folder stands for every {@code .txt}, {@code .text} and {@code .md} file below it, also with
 * {@code .gz} after it, in the order of their paths; names that begin with a dot are passed over,
 * other files are {@linkplain #leftOut left out}. A file that is named itself may have any name.
 * The word {@code jdk} stands for the English of the documentation comments in the running JDK.
 * Text is UTF-8 and is taken as it is, line ends included. The same files give the same text on
 * every machine.
 */
public final class TextSource {
  /** No limit on the size of the text. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** The word that stands for the JDK's own documentation. */
  public static final String JDK = "jdk";

  /** Between two documents, for tokenizers that have no token for that: a blank line. */
  static final String SEPARATOR = "\n\n";

  private final List<String> names;
  private final List<Part> parts;
  private final List<String> leftOut; // files in folders
  private final long maxBytes;
  private final String separator; // of the documents within a file; empty: a file is one

  private TextSource(
      List<String> names, List<Part> parts, List<String> leftOut, long maxBytes, String separator) {
    this.names = List.copyOf(names);
    this.parts = List.copyOf(parts);
    this.leftOut = List.copyOf(leftOut);
    this.maxBytes = maxBytes;
    this.separator = separator;
  }

  /** What one of the names stands for. */
  interface Part {
    /** The documents, in order. */
    List<Document> documents();

    /** Equal only where the documents are, and quicker to get; empty where only reading tells. */
    default Optional<String> fingerprint() {
      return Optional.empty();
    }
  }

  /** Is told what a text consists of, in order. */
  public interface Sink {
    /** A document begins: a file or a part of one, or the documentation of one Java file. */
    void document(String name);

    /** The next piece of the document, never empty, cut where no token can span the cut. */
    void text(String piece);

    /** Tells two. */
    static Sink both(Sink first, Sink second) {
      return new Sink() {
        @Override
        public void document(String name) {
          first.document(name);
          second.document(name);
        }

        @Override
        public void text(String piece) {
          first.text(piece);
          second.text(piece);
        }
      };
    }
  }

  /**
   * Finds the files; their content is read later.
   *
   * @param texts files, folders or {@code jdk}, at least one
   * @param maxBytes reading stops after about so many bytes of UTF-8 in all, at the end of a word
   * @throws UserError if one of them does not exist or holds no text file
   */
  public static TextSource of(List<String> texts, long maxBytes) {
    if (texts.isEmpty()) {
      throw new UserError("no text is given; name files, folders or jdk", Remedy.parameter("text"));
    }
    if (maxBytes <= 0) {
      throw new UserError("the limit on the text is " + maxBytes + " bytes; it must be positive");
    }
    List<Part> parts = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (String text : texts) {
      if (text.equals(JDK)) {
        parts.add(JdkText.ofThisJdk(maxBytes));
      } else {
        TextFolder files = files(text);
        parts.add(known(files.texts()));
        leftOut.addAll(files.others());
      }
    }
    return new TextSource(texts, parts, leftOut, maxBytes, "");
  }

  /** One text that is in memory. */
  public static TextSource ofText(String name, String text) {
    return ofPart(name, known(List.of(Document.ofText(name, text))));
  }

  static TextSource ofPart(String name, Part part) {
    return new TextSource(List.of(name), List.of(part), List.of(), UNLIMITED, "");
  }

  private static Part known(List<Document> documents) {
    return () -> documents;
  }

  /**
   * The same text, whose files hold several documents each.
   *
   * @param between what stands between two documents and belongs to neither, such as {@code "\n\n*
   *     * *\n\n"}; empty where a file is one document
   */
  public TextSource separatedBy(String between) {
    return new TextSource(names, parts, leftOut, maxBytes, between);
  }

  /** The files, folders and words this was made of. */
  public List<String> names() {
    return names;
  }

  /** Files in the folders that are no text by their names, and so are not read. */
  public List<String> leftOut() {
    return leftOut;
  }

  /**
   * Equal only where the text is, and quicker to get than the text is to read. Empty where reading
   * is the only way to know, as it is for files that a user may be writing.
   */
  Optional<String> fingerprint() {
    StringBuilder all = new StringBuilder(maxBytes + "|" + separator.length() + "|" + separator);
    for (Part part : parts) {
      Optional<String> one = part.fingerprint();
      if (one.isEmpty()) {
        return Optional.empty();
      }
      all.append('|').append(one.get());
    }
    return Optional.of(all.toString());
  }

  /**
   * Reads the whole text.
   *
   * @throws UserError if a file cannot be read or is not UTF-8; it names the file and the byte
   */
  public void read(Sink sink) {
    if (separator.isEmpty()) {
      readFiles(sink);
    } else {
      DocumentSplitter splitter = new DocumentSplitter(separator, sink);
      readFiles(splitter);
      splitter.finish();
    }
  }

  private void readFiles(Sink sink) {
    long left = maxBytes;
    for (Document document : documents()) {
      if (left <= 0) {
        return;
      }
      sink.document(document.name());
      try (Utf8Pieces pieces = new Utf8Pieces(document.name(), document.opener().open())) {
        left = read(pieces, sink, left);
      } catch (IOException e) {
        throw document.unreadable(e);
      }
    }
  }

  /** The text as tokenizers that learn see it: with what stands between documents. */
  public TextPieces pieces() {
    return pieces(_ -> true);
  }

  /**
   * The same of some documents only.
   *
   * @param chosen takes the number of a document, from 0
   */
  TextPieces pieces(LongPredicate chosen) {
    return consumer ->
        read(
            new ChosenDocuments(chosen) {
              @Override
              void separate() {
                consumer.accept(SEPARATOR);
              }

              @Override
              void add(String piece) {
                consumer.accept(piece);
              }
            });
  }

  private List<Document> documents() {
    return parts.stream().flatMap(part -> part.documents().stream()).toList();
  }

  /** Passes pieces on until their bytes are used up; returns how many bytes are left then. */
  private static long read(Utf8Pieces pieces, Sink sink, long bytes) throws IOException {
    long left = bytes;
    for (String piece = pieces.next(); piece != null; piece = pieces.next()) {
      long size = piece.getBytes(StandardCharsets.UTF_8).length;
      if (size > left) {
        sink.text(piece.substring(0, Utf8Pieces.cut(piece, lengthOf(piece, left))));
        return 0;
      }
      sink.text(piece);
      left -= size;
    }
    return left;
  }

  /** How many UTF-16 units of a text fit in some bytes of UTF-8; at least one. */
  private static int lengthOf(String text, long bytes) {
    byte[] start = text.getBytes(StandardCharsets.UTF_8);
    int end = (int) bytes;
    while (end > 0 && (start[end] & 0xC0) == 0x80) {
      end--; // not in the middle of a character
    }
    return Math.max(1, new String(start, 0, end, StandardCharsets.UTF_8).length());
  }

  private static TextFolder files(String text) {
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw new UserError(
          "the text '" + text + "' is not a path; check it", e, Remedy.parameter("text"));
    }
    if (!Files.exists(path)) {
      String from = path.isAbsolute() ? "" : " in " + Path.of("").toAbsolutePath();
      throw new UserError(
          "the text " + path + " does not exist" + from + "; check the path, or take the text jdk",
          Remedy.parameter("text", "jdk"));
    }
    if (!Files.isDirectory(path)) {
      return new TextFolder(List.of(Document.ofFile(path)), List.of());
    }
    TextFolder folder = TextFolder.of(path);
    Check.user(
        !folder.texts().isEmpty(),
        "the folder %s holds no .txt, .text or .md file (or .gz of one); name a file",
        path);
    return folder;
  }
}
