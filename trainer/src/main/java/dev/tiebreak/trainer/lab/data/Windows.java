package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.UserError;
import java.lang.foreign.MemorySegment;

/**
 * Windows of T + 1 neighbouring tokens out of one part of a token file: T inputs, and as targets
 * the same tokens moved on by one.
 *
 * @param tokens the file; null for zeros
 * @param start where the part begins, in tokens
 * @param length how many tokens the part has, at least T + 1
 * @param batch sequences in a batch, B
 * @param sequence tokens in a sequence, T
 */
record Windows(TokenFile tokens, long start, long length, int batch, int sequence) {

  /**
   * Checks that at least one window fits.
   *
   * @param part what the part is called in messages
   * @throws UserError if none does
   */
  static Windows of(
      String part, TokenFile tokens, long start, long length, int batch, int sequence) {
    Check.argument(batch >= 1 && sequence >= 1, "batch %d or sequence %d below 1", batch, sequence);
    Check.user(
        length > sequence,
        "the %s part of the text has %d tokens, but one block needs %d (a sequence length of %d and"
            + " the token after it); use more text or a shorter sequence",
        part,
        length,
        sequence + 1L,
        sequence);
    return new Windows(tokens, start, length, batch, sequence);
  }

  /** Two windows that hold nothing but token 0. */
  static Windows ofZeros(int batch, int sequence) {
    return new Windows(null, 0, sequence + 2L, batch, sequence);
  }

  /** How many offsets a window can have: 0 to this, exclusive. */
  long offsets() {
    return length - sequence;
  }

  /**
   * Copies one window.
   *
   * @param offset its first token, in [0, offsets)
   * @param row which sequence of the batch it becomes
   * @param inputs int32 (B, T)
   * @param targets int32 (B, T)
   */
  void copy(long offset, int row, MemorySegment inputs, MemorySegment targets) {
    if (tokens == null) {
      return; // the memory of a batch begins as zeros
    }
    long at = (long) row * sequence;
    tokens.copy(start + offset, sequence, inputs, at);
    tokens.copy(start + offset + 1, sequence, targets, at);
  }
}
