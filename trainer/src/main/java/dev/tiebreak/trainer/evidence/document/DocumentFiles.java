package dev.tiebreak.trainer.evidence.document;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files of documents, each whole or not there. */
public final class DocumentFiles {
  private DocumentFiles() {}

  /**
   * Writes a page that needs nothing else, the numbers, and a CSV file for each table; returns how
   * many of these there are.
   *
   * @throws UserError if one cannot be written
   */
  public static int write(Document document, Path folder, String name) {
    List<Table> tables = document.tables().toList();
    tables.forEach(table -> write(folder.resolve(table.id() + ".csv"), Csv.of(table)));
    write(folder.resolve(name + ".json"), Json.of(document));
    write(folder.resolve(name + ".html"), Html.of(document));
    return tables.size();
  }

  /**
   * Writes each figure as a file of its own; returns how many there are.
   *
   * @throws UserError if one cannot be written
   */
  public static int figures(Document document, Path folder) {
    List<Figure> figures = document.figures().toList();
    figures.forEach(figure -> write(folder.resolve(figure.id() + ".svg"), figure.svg()));
    return figures.size();
  }

  /**
   * Writes a text, in a folder that is made if it is not there.
   *
   * @throws UserError if it cannot be written; then what was there stays
   */
  public static void write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      AtomicFiles.writeString(file, text);
    } catch (IOException e) {
      throw UserError.io("write", file, e);
    }
  }
}
