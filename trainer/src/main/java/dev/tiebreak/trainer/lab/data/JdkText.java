package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The English of the JDK's documentation, from the {@code lib/src.zip} beside the running Java:
 * real text on every machine that can run this program.
 *
 * <p>One document per Java file of the {@code java.*} modules' public packages, its paragraphs
 * separated by blank lines. A paragraph that was seen before is left out. Files are taken in the
 * order of their names until there is text enough, and are then put in the order of their names'
 * hashes: so the last tenth, which validates, is about the same things as the rest.
 */
final class JdkText implements TextSource.Part {
  private static final int FILES_AT_ONCE = 256;
  private static final Pattern SOURCE = Pattern.compile("java\\.[a-z.]+/javax?/.*\\.java");

  /** The code that decides what the text is. */
  private static final List<Class<?>> READERS =
      List.of(
          JdkText.class,
          JavadocComments.class,
          JavadocHtml.class,
          JavadocProse.class,
          JavadocTags.class,
          Utf8Pieces.class,
          TextSource.class);

  private final Path sources;
  private final long maxBytes;
  private List<Document> documents; // null until they are read; guarded by this

  private JdkText(Path sources, long maxBytes) {
    this.sources = sources;
    this.maxBytes = maxBytes;
  }

  /**
   * The text of the running JDK, to be read when it is asked for: that takes seconds.
   *
   * @param maxBytes stop when there are so many bytes of text
   * @throws UserError if this Java has no sources beside it
   */
  static JdkText ofThisJdk(long maxBytes) {
    return of(Path.of(System.getProperty("java.home"), "lib", "src.zip"), maxBytes);
  }

  /**
   * The text of some JDK.
   *
   * @param sources its {@code src.zip}
   */
  static JdkText of(Path sources, long maxBytes) {
    if (!Files.isRegularFile(sources)) {
      throw new UserError(
          "the text jdk needs the JDK's sources, but "
              + sources
              + " is missing; install them (Debian and Ubuntu: the openjdk-25-source package), use"
              + " a full JDK, or name a file",
          Remedy.parameter("text"));
    }
    return new JdkText(sources, maxBytes);
  }

  /** The archive's place, size and time, and the hash of the code that reads it. */
  @Override
  public Optional<String> fingerprint() {
    try {
      MessageDigest code = Sha256.digest();
      for (Class<?> reader : READERS) {
        try (InputStream in = reader.getResourceAsStream(reader.getSimpleName() + ".class")) {
          code.update(in.readAllBytes());
        }
      }
      return Optional.of(
          String.join(
              "|",
              sources.toRealPath().toString(),
              Long.toString(Files.size(sources)),
              Files.getLastModifiedTime(sources).toString(),
              Long.toString(maxBytes),
              Sha256.hex(code)));
    } catch (IOException e) {
      return Optional.empty(); // reading the text will tell why
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws UserError if the archive cannot be read
   */
  @Override
  public synchronized List<Document> documents() {
    if (documents == null) {
      documents = read();
    }
    return documents;
  }

  private List<Document> read() {
    try (ZipFile zip = new ZipFile(sources.toFile())) {
      SortedMap<String, Document> shuffled = new TreeMap<>();
      read(zip, maxBytes).forEach(document -> shuffled.put(Sha256.of(document.name()), document));
      return List.copyOf(shuffled.values());
    } catch (IOException e) {
      throw UserError.io("read the JDK's sources", sources, e);
    } catch (UncheckedIOException e) {
      throw UserError.io("read the JDK's sources", sources, e.getCause());
    }
  }

  private static List<Document> read(ZipFile zip, long maxBytes) {
    List<? extends ZipEntry> entries =
        zip.stream()
            .filter(entry -> SOURCE.matcher(entry.getName()).matches())
            .sorted(Comparator.comparing(ZipEntry::getName))
            .toList();
    List<Document> documents = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    long bytes = 0;
    for (int from = 0; from < entries.size() && bytes < maxBytes; from += FILES_AT_ONCE) {
      List<? extends ZipEntry> some =
          entries.subList(from, Math.min(from + FILES_AT_ONCE, entries.size()));
      List<List<String>> prose =
          some.parallelStream().map(entry -> paragraphs(zip, entry)).toList();
      for (int i = 0; i < some.size() && bytes < maxBytes; i++) {
        List<String> fresh = prose.get(i).stream().filter(seen::add).toList();
        if (!fresh.isEmpty()) {
          String text = String.join("\n\n", fresh) + "\n";
          documents.add(Document.ofText(some.get(i).getName(), text));
          bytes += text.length();
        }
      }
    }
    return documents;
  }

  private static List<String> paragraphs(ZipFile zip, ZipEntry entry) {
    try (InputStream in = zip.getInputStream(entry)) {
      String source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return JavadocComments.of(source).stream()
          .flatMap(comment -> JavadocProse.paragraphs(comment).stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
