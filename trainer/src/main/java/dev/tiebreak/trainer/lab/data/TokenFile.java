package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * A file of token ids, mapped into memory: nothing but the ids, each 2 or 4 bytes, little-endian,
 * unsigned. May be read by several threads until it is closed.
 */
public final class TokenFile implements AutoCloseable {
  private static final ValueLayout.OfShort UINT16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena;
  private final MemorySegment content;
  private final int bytesPerToken;
  private final long size;

  private TokenFile(Arena arena, MemorySegment content, int bytesPerToken) {
    this.arena = arena;
    this.content = content;
    this.bytesPerToken = bytesPerToken;
    this.size = content.byteSize() / bytesPerToken;
  }

  /** The fewest bytes, 2 or 4, that hold every id of a vocabulary. */
  static int bytesPerToken(int vocabulary) {
    return vocabulary <= 1 << Short.SIZE ? Short.BYTES : Integer.BYTES;
  }

  /**
   * Maps a file.
   *
   * @param tokens how many tokens it must hold
   * @throws UserError if it cannot be read or has another size
   */
  static TokenFile open(Path file, long tokens, int bytesPerToken) {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Check.user(
          channel.size() == tokens * bytesPerToken,
          "the token file %s has %d bytes, its manifest says %d; delete its folder to prepare it again",
          file,
          channel.size(),
          tokens * bytesPerToken);
      MemorySegment content = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      return new TokenFile(arena, content, bytesPerToken);
    } catch (IOException e) {
      arena.close();
      throw UserError.io("read the token file", file, e);
    } catch (UserError e) {
      arena.close();
      throw e;
    }
  }

  public long size() {
    return size;
  }

  /**
   * One token id.
   *
   * @throws IndexOutOfBoundsException if the index is not in [0, size)
   */
  public int token(long index) {
    Objects.checkIndex(index, size);
    return bytesPerToken == Short.BYTES
        ? Short.toUnsignedInt(content.get(UINT16, index * Short.BYTES))
        : content.get(INT32, index * Integer.BYTES);
  }

  /**
   * Copies neighbouring tokens.
   *
   * @param from index of the first token
   * @param count how many
   * @param target int32 ids in native byte order
   * @param at index in {@code target}, in ids, where the first one goes
   * @throws IndexOutOfBoundsException if this reaches beyond either end
   */
  public void copy(long from, int count, MemorySegment target, long at) {
    Objects.checkFromIndexSize(from, count, size);
    for (int i = 0; i < count; i++) {
      target.setAtIndex(ValueLayout.JAVA_INT, at + i, token(from + i));
    }
  }

  /** Releases the memory; the file cannot be read after this. Closing twice does nothing. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
