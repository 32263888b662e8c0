package dev.tiebreak.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What trainer/docs/votes-from-elsewhere.md says: two folders and a table become a verdict. */
class VotesFromElsewhereTest {
  private static final int PROMPTS = 32;
  private static final int COMPLETIONS = 3;
  private static final int VOTES = 1181;
  private static final int AGAIN = 161;
  private static final String COLUMNS =
      "--columns=judge=judge_id,pair=sample,left=left_model,right=right_model,choice=vote,"
          + "at=timestamp,response_seconds=seconds";

  @TempDir Path folder;

  private Path judging;
  private Path table;

  @BeforeEach
  void writeTextsAndVotes() throws IOException {
    judging = folder.resolve("judging");
    table = folder.resolve("votes.csv");
    for (String model : List.of("shaped", "baseline")) {
      Files.createDirectories(folder.resolve(model));
    }
    for (int i = 0; i < PROMPTS * COMPLETIONS; i++) {
      Files.writeString(
          folder.resolve("shaped").resolve(sample(i) + ".txt"), "A tale of " + i + " foxes.");
      Files.writeString(
          folder.resolve("baseline").resolve(sample(i) + ".txt"), "A tale, a tale, a tale " + i);
    }
    Files.writeString(table, votes());
  }

  private static String sample(int i) {
    return String.format(Locale.ROOT, "p%02d_%d", i / COMPLETIONS, i % COMPLETIONS);
  }

  /** As many votes as the original study had, some of them of pairs that the judge had judged. */
  private static String votes() {
    Random random = new Random(1);
    LocalDateTime at = LocalDateTime.of(2026, 3, 1, 12, 0);
    StringBuilder text =
        new StringBuilder("timestamp,judge_id,sample,left_model,right_model,vote,seconds\n");
    for (int i = 0; i < VOTES; i++) {
      int first = i < VOTES - AGAIN ? i : i - (VOTES - AGAIN);
      boolean left = random.nextBoolean();
      double said = random.nextDouble();
      boolean treatment = said < 0.45;
      String vote = said > 0.8 ? "tie" : treatment == left ? "left" : "right";
      text.append(
          String.format(
              Locale.ROOT,
              "%s,judge%d,%s,%s,%s,%s,%.2f\n",
              at.plusSeconds(20L * i).toString().replace('T', ' '),
              first / (PROMPTS * COMPLETIONS),
              sample(first % (PROMPTS * COMPLETIONS)),
              left ? "shaped" : "baseline",
              left ? "baseline" : "shaped",
              vote,
              3 + 10 * random.nextDouble()));
    }
    return text.toString();
  }

  private Outcome run(String... line) {
    return Outcome.of(List.of(line));
  }

  private Outcome pairs() {
    return run(
        "study",
        "pairs",
        judging.toString(),
        "--from",
        folder.resolve("shaped").toString(),
        folder.resolve("baseline").toString());
  }

  private Outcome add(Path votes) {
    return run("judge", "import", judging.toString(), votes.toString(), "--kind=human", COLUMNS);
  }

  @Test
  void twoFoldersAndATableBecomeAVerdict() throws IOException {
    assertThat(pairs().succeeded().out()).contains("h1").contains("96");
    assertThat(Files.readString(judging.resolve("pairs.jsonl")))
        .doesNotContain("shaped", "baseline")
        .contains("\"pair\":\"p07_2\",\"prompt\":\"p07\"");
    assertThat(add(table).succeeded().out())
        .contains("1,181 votes added", "161 are of pairs that their judge had judged");
    Outcome report = run("report", judging.toString()).succeeded();
    assertThat(report.out())
        .contains(
            "shaped against baseline", "1,020 votes", "161 judgments are of pairs", "Verdict:");
    String page = Files.readString(judging.resolve("report").resolve("report.html"));
    assertThat(page).contains("Naive: people and models pooled");
    List<String> rows = new ArrayList<>(Files.readAllLines(table));
    List<String> newestFirst = new ArrayList<>(List.of(rows.removeFirst()));
    newestFirst.addAll(rows.reversed());
    String id = importedBy(add(table));
    run("judge", "import", judging.toString(), "--undo", id).succeeded();
    Files.write(table, newestFirst);
    add(table).succeeded();
    run("report", judging.toString()).succeeded();
    assertThat(judging.resolve("report").resolve("report.html")).hasContent(page);
  }

  /** The id of the import that is there, from the votes. */
  private String importedBy(Outcome refused) throws IOException {
    refused.failedAtOnce("is there already", "no vote was added");
    return Files.readString(judging.resolve("votes.jsonl"))
        .lines()
        .findFirst()
        .orElseThrow()
        .replaceAll(".*\"import\":\"([0-9a-f]{8})\".*", "$1");
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    pairs().succeeded();
    Files.writeString(table, Files.readString(table).replace("p07_2", "p77_2"));
    add(table).failedAtOnce("p77_2", "there is no such pair", "no vote was added");
    Files.writeString(table, votes().replace("shaped", "shapely"));
    add(table).failedAtOnce("\"shapely\"", "are not its texts");
    Files.delete(folder.resolve("shaped").resolve("p07_2.txt"));
    pairs().failedAtOnce("1 texts of", "p07_2", "one of the same name");
    run("judge", "import", judging.toString(), "--undo", "00000000")
        .failedAtOnce("nothing was imported");
    run("judge", "import", judging.toString()).failedAtOnce("name a table of votes");
  }
}
