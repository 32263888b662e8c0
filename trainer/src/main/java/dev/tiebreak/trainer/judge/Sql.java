package dev.tiebreak.trainer.judge;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Statements on one connection, prepared once each. For one thread. */
final class Sql implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  Sql(Connection connection) {
    this.connection = connection;
  }

  /** Makes a value of a row. */
  @FunctionalInterface
  interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  /** A statement without parameters or rows. */
  void execute(String statement) throws SQLException {
    prepare(statement).execute();
  }

  /** The number of rows that were changed. */
  int update(String statement, Object... parameters) throws SQLException {
    PreparedStatement prepared = prepare(statement, parameters);
    return prepared.executeUpdate();
  }

  /** The id of the row that was inserted. */
  long insert(String statement, Object... parameters) throws SQLException {
    update(statement, parameters);
    return query("SELECT last_insert_rowid()", row -> row.getLong(1)).getFirst();
  }

  <T> List<T> query(String statement, Row<T> row, Object... parameters) throws SQLException {
    List<T> values = new ArrayList<>();
    try (ResultSet rows = prepare(statement, parameters).executeQuery()) {
      while (rows.next()) {
        values.add(row.of(rows));
      }
    }
    return values;
  }

  /** The first row, if there is one. */
  <T> Optional<T> first(String statement, Row<T> row, Object... parameters) throws SQLException {
    return query(statement, row, parameters).stream().findFirst();
  }

  /** The whole number that a statement counts. */
  int count(String statement, Object... parameters) throws SQLException {
    return query(statement, row -> row.getInt(1), parameters).getFirst();
  }

  private PreparedStatement prepare(String statement, Object... parameters) throws SQLException {
    PreparedStatement ready = prepared.get(statement);
    if (ready == null) {
      ready = connection.prepareStatement(statement);
      prepared.put(statement, ready);
    }
    for (int i = 0; i < parameters.length; i++) {
      ready.setObject(i + 1, parameters[i]);
    }
    return ready;
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : prepared.values()) {
      statement.close();
    }
  }
}
