package dev.tiebreak.trainer.evidence.chart;

import dev.tiebreak.trainer.base.Words;
import java.util.List;

/**
 * What tells curves apart: a colour and dashes.
 *
 * @param colour such as {@code #0072b2}
 * @param dashes lengths of dashes and gaps; empty for a solid line
 */
public record Palette(String colour, String dashes) {
  /**
   * Okabe and Ito, "Color universal design" (2008), without yellow, which is too light on white.
   */
  private static final List<String> COLOURS =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#56b4e9", "#e69f00");

  private static final List<String> DASHES = List.of("", "8 4", "2 3", "10 3 2 3", "5 2");

  /** From dark to light: brightness tells even without colours. */
  private static final int[][] SHADES = {
    {8, 48, 107}, {31, 119, 140}, {90, 170, 120}, {230, 159, 0}
  };

  /** The look of the i-th of several kinds that have no order; 35 differ. */
  public static Palette kind(int i) {
    return new Palette(COLOURS.get(i % COLOURS.size()), DASHES.get(i % DASHES.size()));
  }

  /** The look of the i-th of n things in an order, such as a model's blocks. */
  public static Palette shade(int i, int n) {
    double place = n < 2 ? 0 : (double) i / (n - 1) * (SHADES.length - 1);
    int below = Math.min((int) place, SHADES.length - 2);
    double share = place - below;
    int[] mixed = new int[3];
    for (int c = 0; c < mixed.length; c++) {
      mixed[c] = (int) Math.round((1 - share) * SHADES[below][c] + share * SHADES[below + 1][c]);
    }
    return new Palette(Words.of("#%02x%02x%02x", mixed[0], mixed[1], mixed[2]), "");
  }
}
