package dev.tiebreak.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Votes of rules and from tables, through the commands. */
class JudgeTest {
  @TempDir Path folder;

  private Path votes;

  @BeforeEach
  void writePairs() throws IOException {
    Files.writeString(folder.resolve("pairs.jsonl"), JudgedPairs.lines(12));
    votes = folder.resolve("votes.jsonl");
  }

  private Outcome judge(String command, String... options) {
    List<String> line = new ArrayList<>(List.of("judge", command, folder.toString()));
    line.addAll(List.of(options));
    return Outcome.of(line);
  }

  @Test
  void votesOfRulesAreExportedAndImportedElsewhere() throws IOException {
    assertThat(judge("scripted", "--kind=coin", "--judges=3", "--items=8").succeeded().out())
        .contains("24 votes of 3 judges (coin) added to");
    Path table = folder.resolve("votes.csv");
    judge("export", "--out=" + table).succeeded();
    assertThat(Files.readAllLines(table))
        .hasSize(25)
        .first()
        .asString()
        .startsWith("judge,judge_kind,prompt,pair,left,right,choice,seed,");
    assertThat(judge("export").succeeded().out()).isEqualTo(Files.readString(table));
    Path copy = folder.resolve("copy.jsonl");
    judge("import", table.toString(), "--votes=" + copy).succeeded();
    assertThat(Files.readString(copy).replaceAll(",\"import\":\"[0-9a-f]{8}\"", ""))
        .isEqualTo(Files.readString(votes));
    byte[] before = Files.readAllBytes(votes);
    judge("import", table.toString()).failedAtOnce("is there already", "no vote was added");
    assertThat(votes).hasBinaryContent(before);
  }

  @Test
  void equalSeedsGiveEqualVotes() throws IOException {
    String[] options = {"--kind=length-loving", "--judges=4", "--seed=7", "--ties=0.2"};
    judge("scripted", options).succeeded();
    byte[] first = Files.readAllBytes(votes);
    judge("scripted", options).failedAtOnce("is there already");
    Files.delete(votes);
    judge("scripted", options).succeeded();
    assertThat(votes).hasBinaryContent(first);
  }

  @Test
  void theKeyPutsArmsInThePlaceOfIds() throws IOException {
    Path key = folder.resolve("key.jsonl");
    Files.writeString(key, JudgedPairs.key(12));
    judge("scripted", "--kind=oracle", "--preference=1", "--judges=2", "--key=" + key).succeeded();
    String blind = judge("export").succeeded().out();
    assertThat(blind).doesNotContain("both", "baseline");
    List<String> lines = judge("export", "--key=" + key).succeeded().out().lines().toList();
    assertThat(lines.getFirst())
        .endsWith(",left_tokens,right_tokens,comparison,completion,treatment_side,control_seed");
    assertThat(lines.subList(1, lines.size()))
        .hasSize(24)
        .allMatch(line ->
            line.contains(",both,baseline,left,5,") || line.contains(",baseline,both,right,5,"));
    Files.writeString(key, JudgedPairs.key(11));
    judge("export", "--key=" + key).failedAtOnce("on pair x11: the key has no such pair");
  }

  @Test
  void mistakesAreToldInOneLine() throws IOException {
    judge("scripted", "--kind=oracle", "--judges=1").failedAtOnce("--key key.jsonl");
    judge("scripted", "--kind=con", "--judges=1").failedAtOnce("con", "coin");
    judge("scripted", "--kind=coin", "--judges=1", "--items=13").failedAtOnce("12 prompts");
    judge("export").failedAtOnce("votes.jsonl", "no such file");
    judge("export", "--out=votes.txt").failedAtOnce("votes.jsonl");
    judge("llm").failedAtOnce("--panel", "--replay");
    judge("llm", "--panel=" + folder.resolve("no.toml")).failedAtOnce("no.toml", "no such file");
    judge("llm", "--replay").failedAtOnce("no replies to replay");
    Path table = folder.resolve("table.csv");
    Files.writeString(
        table, "judge,judge_kind,prompt,pair,left,right,choice\nj,human,p,1,a,b,rihgt\n");
    judge("import", table.toString())
        .failedAtOnce("table.csv: line 2: choice is \"rihgt\"", "did you mean right?");
    assertThat(votes).doesNotExist();
    Files.writeString(folder.resolve("pairs.jsonl"), "{\"pair\":\"1\"}\n");
    judge("scripted", "--kind=coin", "--judges=1")
        .failedAtOnce("pairs.jsonl: line 1: prompt is missing");
  }
}
