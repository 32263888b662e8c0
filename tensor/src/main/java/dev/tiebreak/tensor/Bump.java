package dev.tiebreak.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Hands out memory by moving a pointer through each of its blocks, which are kept over a reset. A
 * piece that is given back is handed out again to the next that needs exactly as much. The same
 * sizes in the same order get the same places again after a reset. Knows nothing of what a block
 * is, so it also counts memory that is never taken. Not thread-safe.
 *
 * @param <B> a block
 */
public final class Bump<B> {
  /**
   * How memory is divided.
   *
   * @param alignment every piece begins at a multiple of so many bytes of its block
   * @param slack bytes behind every piece that belong to it
   * @param smallestBlock the least that is taken at once, in bytes
   */
  public record Layout(long alignment, long slack, long smallestBlock) {
    /** How a CPU's tensors lie. */
    public static final Layout HOST =
        new Layout(Scope.ALIGNMENT, Scope.SLACK, Scope.SMALLEST_BLOCK);

    /** How a GPU's tensors lie. */
    public static final Layout DEVICE =
        new Layout(Scope.DEVICE_ALIGNMENT, 0, Scope.SMALLEST_DEVICE_BLOCK);

    /** How tensors lie that have a block of their own each, not a byte larger. */
    static final Layout APART = new Layout(1, 0, 0);

    boolean isApart() {
      return smallestBlock == 0;
    }

    long piece(long bytes) {
      return Math.ceilDiv(bytes + slack, alignment) * alignment;
    }
  }

  /**
   * Memory that was handed out.
   *
   * @param block where
   * @param offset of its first byte in the block
   * @param bytes with slack and rounding
   * @param <B> a block
   */
  public record Piece<B>(B block, long offset, long bytes) {}

  private static final class Block<B> {
    private final B memory;
    private final long bytes;
    private long used;

    Block(B memory, long bytes) {
      this.memory = memory;
      this.bytes = bytes;
    }
  }

  /** What is known of pieces of one size. */
  private static final class Size<B> {
    private final Deque<Piece<B>> free = new ArrayDeque<>();
    private int firstBlock; // none before it has room
  }

  private final Layout layout;
  private final LongFunction<B> reserve;
  private final List<Block<B>> blocks = new ArrayList<>();
  private final Map<Long, Size<B>> sizes = new HashMap<>(); // by bytes of a piece
  private long reservedBytes;
  private long usedBytes;
  private long peakBytes;

  /**
   * No memory yet.
   *
   * @param reserve takes a new block of so many bytes from whoever has memory
   */
  public Bump(Layout layout, LongFunction<B> reserve) {
    this.layout = layout;
    this.reserve = reserve;
  }

  /** A piece for so many bytes. */
  public Piece<B> take(long bytes) {
    long piece = layout.piece(bytes);
    usedBytes = Math.addExact(usedBytes, piece);
    peakBytes = Math.max(peakBytes, usedBytes);
    Size<B> size = sizes.computeIfAbsent(piece, _ -> new Size<>());
    return size.free.isEmpty() ? takeNew(piece, size) : size.free.pop();
  }

  private Piece<B> takeNew(long piece, Size<B> size) {
    Block<B> block = blockWithRoom(piece, size);
    Piece<B> taken = new Piece<>(block.memory, block.used, piece);
    block.used += piece;
    return taken;
  }

  /** The first: what is left at the end of a block is for smaller pieces to come. */
  private Block<B> blockWithRoom(long piece, Size<B> size) {
    for (; size.firstBlock < blocks.size(); size.firstBlock++) {
      Block<B> block = blocks.get(size.firstBlock);
      if (block.used + piece <= block.bytes && (!layout.isApart() || piece == block.bytes)) {
        return block;
      }
    }
    long bytes = Math.max(piece, layout.smallestBlock);
    Block<B> block = new Block<>(reserve.apply(bytes), bytes);
    blocks.add(block);
    reservedBytes = Math.addExact(reservedBytes, bytes);
    return block;
  }

  /** Takes a piece back. */
  public void giveBack(Piece<B> piece) {
    usedBytes -= piece.bytes;
    sizes.get(piece.bytes).free.push(piece);
  }

  /** Takes everything back. */
  public void reset() {
    blocks.forEach(block -> block.used = 0);
    usedBytes = 0;
    sizes.clear();
  }

  /** All blocks so far. */
  public List<B> blocks() {
    return blocks.stream().map(block -> block.memory).toList();
  }

  /** Bytes of all blocks. */
  public long reservedBytes() {
    return reservedBytes;
  }

  /** The most bytes that were handed out at once. */
  public long peakBytes() {
    return peakBytes;
  }
}
