package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/**
 * One SQLite file and one thread that reads and writes it. What is asked for at the same time is
 * done in one transaction, so that many judges share one wait for the disk; each piece of work has
 * a savepoint of its own and is done in full or not at all. When {@link #call} returns, what was
 * written is on the disk (WAL, synchronous = FULL). Other processes may use the file too.
 */
final class Database implements AutoCloseable {
  private static final int MOST_AT_ONCE = 256;
  private static final int BUSY_MILLIS = 10_000; // while another process writes

  private final Path file;
  private final Connection connection;
  private final Sql sql;
  private final BlockingQueue<Task<?>> queue = new LinkedBlockingQueue<>();
  private final Thread thread;
  private boolean closed; // guarded by this

  /** Reads or writes; what it throws undoes all that it wrote. */
  @FunctionalInterface
  interface Work<T> {
    T run(Sql sql) throws SQLException;
  }

  private static final class Task<T> {
    private final Work<T> work;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private Runnable answer = () -> {};

    Task(Work<T> work) {
      this.work = work;
    }

    void run(Sql sql) throws SQLException {
      sql.execute("SAVEPOINT task");
      try {
        T value = work.run(sql);
        answer = () -> result.complete(value);
      } catch (SQLException | RuntimeException e) {
        sql.execute("ROLLBACK TO task");
        answer = () -> result.completeExceptionally(e);
      }
      sql.execute("RELEASE task");
    }
  }

  private Database(Path file, Connection connection) throws SQLException {
    this.file = file;
    this.connection = connection;
    this.sql = new Sql(connection);
    this.thread = Thread.ofPlatform().name("judge-database").daemon().start(this::work);
  }

  /**
   * Opens a file, or makes one that only its owner can read.
   *
   * @throws UserError if that is impossible
   */
  static Database open(Path file) {
    try {
      Files.createFile(file, AtomicFiles.ownerOnly(file));
    } catch (FileAlreadyExistsException e) {
      // it is opened as it is
    } catch (IOException e) {
      throw UserError.io("write the judgments", file, e);
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.enforceForeignKeys(true);
    try {
      return new Database(
          file, JDBC.createConnection("jdbc:sqlite:" + file, config.toProperties()));
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  private static UserError failure(Path file, SQLException cause) {
    return new UserError(
        Words.of(
                "cannot use the judgments in %s: %s; check that it is a database of judgments and that the",
                file, cause.getMessage())
            + " disk has space",
        cause);
  }

  /**
   * Does work in a transaction, after what was asked for before.
   *
   * @throws UserError if the file cannot be read or written
   */
  <T> T call(Work<T> work) {
    Task<T> task = new Task<>(work);
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      queue.add(task);
    }
    try {
      return task.result.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case SQLException cause -> throw failure(file, cause);
        case RuntimeException cause -> throw cause;
        case null, default -> throw e;
      }
    }
  }

  private void work() {
    List<Task<?>> batch = new ArrayList<>();
    try {
      while (true) {
        batch.clear();
        batch.add(queue.take());
        queue.drainTo(batch, MOST_AT_ONCE - 1);
        transact(batch);
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private void transact(List<Task<?>> batch) {
    try {
      sql.execute("BEGIN IMMEDIATE");
      try {
        for (Task<?> task : batch) {
          task.run(sql);
        }
        sql.execute("COMMIT");
      } catch (SQLException | RuntimeException | Error e) {
        rollback(e);
        throw e;
      }
      batch.forEach(task -> task.answer.run());
    } catch (SQLException | RuntimeException | Error e) { // nobody may wait for ever
      batch.forEach(task -> task.result.completeExceptionally(e));
    }
  }

  private void rollback(Throwable cause) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      cause.addSuppressed(e); // it was rolled back by itself
    }
  }

  /** Ends after what was asked for before. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    Task<Void> last = new Task<>(_ -> null);
    queue.add(last);
    last.result.handle((_, _) -> null).join();
    thread.interrupt();
    try {
      thread.join();
      sql.close();
      connection.close();
    } catch (SQLException e) {
      throw failure(file, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
