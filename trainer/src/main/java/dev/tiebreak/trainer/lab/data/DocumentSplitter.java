package dev.tiebreak.trainer.lab.data;

/**
 * Cuts what is read as one document into several, wherever a separator stands; the separator itself
 * belongs to none of them. Documents of nothing are passed over.
 *
 * <p>Pieces are passed on cut where they came cut, or at a separator. The newest is kept back until
 * the next is seen, since a separator may begin in it.
 */
final class DocumentSplitter implements TextSource.Sink {
  private final String separator;
  private final TextSource.Sink sink;
  private String name;
  private boolean begun; // the sink was told of the document that goes on
  private String kept = "";

  DocumentSplitter(String separator, TextSource.Sink sink) {
    this.separator = separator;
    this.sink = sink;
  }

  @Override
  public void document(String next) {
    finish();
    name = next;
    begun = false;
  }

  @Override
  public void text(String piece) {
    String text = kept + piece;
    int cut = kept.length(); // where the text came cut
    int start = 0;
    for (int end; (end = text.indexOf(separator, start)) >= 0; start = end + separator.length()) {
      pass(text.substring(start, end));
      begun = false;
    }
    boolean safe = cut > start && piece.length() >= separator.length();
    if (safe) {
      pass(text.substring(start, cut));
    }
    kept = text.substring(safe ? cut : start);
  }

  /** Passes on what is kept back; to be called after the last piece. */
  void finish() {
    pass(kept);
    kept = "";
  }

  private void pass(String piece) {
    if (piece.isEmpty()) {
      return;
    }
    if (!begun) {
      sink.document(name);
      begun = true;
    }
    sink.text(piece);
  }
}
