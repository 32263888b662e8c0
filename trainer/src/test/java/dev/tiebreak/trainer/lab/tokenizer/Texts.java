package dev.tiebreak.trainer.lab.tokenizer;

import java.util.Random;

/** Texts that are hard on tokenizers. */
final class Texts {
  /** One of everything: accents, combining marks, CJK, emoji with joiners, odd spaces, controls. */
  static final String ODD =
      "Naïve café — “quoted”, it's we'll they've I'd 'twas O'Brien's\tTab\r\n\r\n  two  spaces   \n"
          + "日本語のテキスト русский العربية हिन्दी e\u0301 \uD83D\uDE00\uD83D\uDC68\u200D\uD83D\uDC69"
          + "\u00A0nbsp\u2003em\u3000wide\u0085nel\u2028ls \u0000\u0001\u001F\u007F ½ Ⅷ ٣ 12,345.67"
          + " x=y+1; // code\n\uFEFFbom \uD835\uDD38 '' 's 're ' r  ";

  private Texts() {}

  /** Repeatable text of short words from a small alphabet, so that pairs repeat and tie. */
  static String random(long seed, int words) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int word = 0; word < words; word++) {
      int length = 1 + random.nextInt(6);
      for (int i = 0; i < length; i++) {
        text.appendCodePoint("abcé日".codePointAt(random.nextInt(5)));
      }
      text.append(random.nextInt(8) == 0 ? "\n" : " ");
    }
    return text.toString();
  }
}
