package dev.tiebreak.trainer.lab.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentSplitterTest {
  private static final String BETWEEN = "<->";

  private final List<StringBuilder> documents = new ArrayList<>();

  private List<String> split(List<String> pieces) {
    documents.clear();
    TextSource.Sink sink =
        new TextSource.Sink() {
          @Override
          public void document(String name) {
            documents.add(new StringBuilder());
          }

          @Override
          public void text(String piece) {
            assertThat(piece).isNotEmpty();
            documents.getLast().append(piece);
          }
        };
    DocumentSplitter splitter = new DocumentSplitter(BETWEEN, sink);
    splitter.document("file");
    pieces.forEach(splitter::text);
    splitter.finish();
    return documents.stream().map(StringBuilder::toString).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "one, one",
    "a<->b, a|b",
    "<->a<->, a",
    "a<-><->b, a|b",
    "a<-b->c, a<-b->c",
    "a<<->>b, a<|>b",
    "a<-<->b, a<-|b",
  })
  void textsAreCutWhereTheSeparatorStands(String text, String parts) {
    assertThat(split(List.of(text))).containsExactly(parts.split("\\|"));
  }

  @Test
  void howTheTextCameCutDoesNotMatter() {
    Random random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 24; i++) {
        text.append(random.nextInt(4) == 0 ? BETWEEN : "" + "ab<->".charAt(random.nextInt(5)));
      }
      List<String> pieces = new ArrayList<>();
      for (int start = 0; start < text.length(); ) {
        int end = Math.min(text.length(), start + 1 + random.nextInt(9));
        pieces.add(text.substring(start, end));
        start = end;
      }
      List<String> whole = split(List.of(text.toString()));
      assertThat(split(pieces)).as("%s as %s", text, pieces).isEqualTo(whole);
    }
  }

  @Test
  void filesDoNotRunIntoEachOther() {
    TextMeter meter = new TextMeter();
    DocumentSplitter splitter = new DocumentSplitter(BETWEEN, meter);
    splitter.document("first");
    splitter.text("a<-");
    splitter.document("second");
    splitter.text(">b");
    splitter.finish();
    assertThat(meter.stats().documents()).isEqualTo(2);
  }
}
