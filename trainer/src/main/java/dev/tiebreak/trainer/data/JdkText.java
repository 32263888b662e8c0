package dev.tiebreak.trainer.data;

import dev.tiebreak.trainer.Sha256;
import dev.tiebreak.trainer.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
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
final class JdkText {
  private static final int FILES_AT_ONCE = 256;
  private static final Pattern SOURCE = Pattern.compile("java\\.[a-z.]+/javax?/.*\\.java");

  private JdkText() {}

  /**
   * The documents of the running JDK.
   *
   * @param maxBytes stop when there are so many bytes of text
   * @throws UserError if this Java has no sources beside it
   */
  static List<Document> documents(long maxBytes) {
    return documents(Path.of(System.getProperty("java.home"), "lib", "src.zip"), maxBytes);
  }

  static List<Document> documents(Path sources, long maxBytes) {
    if (!Files.isRegularFile(sources)) {
      throw new UserError(
          "--text jdk needs the JDK's sources, but "
              + sources
              + " is missing; install them (Debian and Ubuntu: the openjdk-25-source package), use"
              + " a full JDK, or name a file with --text");
    }
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
