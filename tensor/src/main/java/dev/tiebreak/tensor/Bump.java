package dev.tiebreak.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Hands out memory by moving a pointer through blocks, which are kept over a reset: the same sizes
 * in the same order get the same places again. Knows nothing of what a block is.
 */
final class Bump<B> {
  /**
   * How memory is divided.
   *
   * @param alignment every piece begins at a multiple of so many bytes of its block
   * @param slack bytes behind every piece that belong to it
   * @param smallestBlock the least that is taken at once, in bytes
   */
  record Layout(long alignment, long slack, long smallestBlock) {
    long piece(long bytes) {
      return Math.ceilDiv(bytes + slack, alignment) * alignment;
    }
  }

  record Piece<B>(B block, long offset) {}

  private record Block<B>(B memory, long bytes) {}

  private final Layout layout;
  private final LongFunction<B> reserve;
  private final List<Block<B>> blocks = new ArrayList<>();
  private int block;
  private long blockUsed;
  private long reservedBytes;
  private long usedBytes;
  private long peakBytes;

  /**
   * @param reserve takes a new block of so many bytes from whoever has memory
   */
  Bump(Layout layout, LongFunction<B> reserve) {
    this.layout = layout;
    this.reserve = reserve;
  }

  Piece<B> take(long bytes) {
    long piece = layout.piece(bytes);
    while (block < blocks.size() && blockUsed + piece > blocks.get(block).bytes) {
      block++;
      blockUsed = 0;
    }
    if (block == blocks.size()) {
      long size = Math.max(piece, layout.smallestBlock);
      blocks.add(new Block<>(reserve.apply(size), size));
      reservedBytes += size;
    }
    Piece<B> taken = new Piece<>(blocks.get(block).memory, blockUsed);
    blockUsed += piece;
    usedBytes += piece;
    peakBytes = Math.max(peakBytes, usedBytes);
    return taken;
  }

  void reset() {
    block = 0;
    blockUsed = 0;
    usedBytes = 0;
  }

  List<B> blocks() {
    return blocks.stream().map(Block::memory).toList();
  }

  long reservedBytes() {
    return reservedBytes;
  }

  long peakBytes() {
    return peakBytes;
  }
}
