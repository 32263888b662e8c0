package dev.tiebreak.trainer.lab.checkpoint;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * An open safetensors file. Its header is read and checked in full when it is opened; the bytes of
 * a tensor go straight from the file to the tensor's memory, or through a copy to a GPU's. Not
 * thread-safe.
 *
 * <p>Every method that reads throws {@link UserError} if the file cannot be read or is not what the
 * caller expects: it names the file, the tensor, what was expected and what was found.
 */
public final class SafetensorsReader implements AutoCloseable {
  private static final long BYTES_AT_ONCE = 16 << 20;
  private static final int HASHED_AT_ONCE = 1 << 20;

  private final Path file;
  private final FileChannel channel;
  private final SafetensorsHeader header;
  private final long dataStart;
  private final SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();

  private SafetensorsReader(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    long size = channel.size();
    if (size < SafetensorsHeader.PREFIX_BYTES) {
      throw SafetensorsHeader.damaged(file, "it has only %d bytes", size);
    }
    ByteBuffer prefix =
        ByteBuffer.allocate(SafetensorsHeader.PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    readFully(prefix, 0);
    long length = prefix.getLong(0);
    long left = size - SafetensorsHeader.PREFIX_BYTES;
    if (length < 0 || length > Math.min(left, SafetensorsHeader.MAX_BYTES)) {
      throw SafetensorsHeader.damaged(
          file,
          "its header should be %s bytes long, but %d bytes follow and at most %d are allowed",
          Long.toUnsignedString(length),
          left,
          SafetensorsHeader.MAX_BYTES);
    }
    ByteBuffer text = ByteBuffer.allocate((int) length);
    readFully(text, SafetensorsHeader.PREFIX_BYTES);
    this.header = SafetensorsHeader.parse(text.array(), left - length, file);
    this.dataStart = SafetensorsHeader.PREFIX_BYTES + length;
    header.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
  }

  /** Opens a file and checks its header. */
  public static SafetensorsReader open(Path file) {
    SafetensorsHeader.requireLittleEndian();
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
      return new SafetensorsReader(file, channel);
    } catch (IOException e) {
      closeAfter(e, channel);
      throw UserError.io("read", file, e);
    } catch (UserError e) {
      closeAfter(e, channel);
      throw e;
    }
  }

  private static void closeAfter(Exception failure, FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  /** What the file holds, by name, in the order of the bytes. */
  public SequencedMap<String, StoredTensor> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  public StoredTensor tensor(String name) {
    StoredTensor tensor = tensors.get(name);
    Check.user(tensor != null, "%s has no tensor '%s'; use a file of the same kind", file, name);
    return tensor;
  }

  /** Fills one tensor, which must have the type and shape of the stored one. */
  public void read(String name, Tensor target) {
    check(name, target);
    readData(tensor(name), target);
  }

  /**
   * Fills tensors with all that the file holds. The names must be the same; all names, types and
   * shapes are checked before any memory is written.
   */
  public void readAll(Map<String, Tensor> targets) {
    targets.forEach(this::check);
    for (StoredTensor tensor : tensors.values()) {
      if (!targets.containsKey(tensor.name())) {
        throw mismatch(
            "tensor '%s' %s, which the model does not have", tensor.name(), tensor.description());
      }
    }
    targets.forEach((name, target) -> readData(tensor(name), target));
  }

  private void check(String name, Tensor target) {
    String expected = StoredType.of(target.dtype()) + " " + extents(target.shape());
    StoredTensor stored = tensors.get(name);
    if (stored == null) {
      throw mismatch("no tensor '%s', expected %s", name, expected);
    }
    if (!stored.description().equals(expected)) {
      throw mismatch("tensor '%s' %s, expected %s", name, stored.description(), expected);
    }
  }

  private UserError mismatch(String what, Object... values) {
    return new UserError(
        Words.of(
            "%s has %s; it belongs to another model: use the config it was made with",
            file, Words.of(what, values)));
  }

  /** A tensor's elements as doubles, row by row. I64 beyond 2^53 are rounded. */
  public double[] doubles(String name) {
    StoredTensor tensor = tensor(name);
    ByteBuffer bytes = bytes(tensor);
    double[] values = new double[Math.toIntExact(tensor.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (tensor.type()) {
            case F32 -> bytes.getFloat();
            case F64 -> bytes.getDouble();
            case BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
            case I32 -> bytes.getInt();
            case I64 -> bytes.getLong();
          };
    }
    return values;
  }

  /** The elements of an I32 or I64 tensor, row by row. */
  public long[] longs(String name) {
    StoredTensor tensor = tensor(name);
    Check.user(
        tensor.type() == StoredType.I32 || tensor.type() == StoredType.I64,
        "%s has tensor '%s' %s, expected whole numbers",
        file,
        name,
        tensor.description());
    ByteBuffer bytes = bytes(tensor);
    long[] values = new long[Math.toIntExact(tensor.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.type() == StoredType.I32 ? bytes.getInt() : bytes.getLong();
    }
    return values;
  }

  /** SHA-256 of the bytes of all tensors, in the file's order. */
  public String dataHash() {
    MessageDigest digest = Sha256.digest();
    ByteBuffer buffer = ByteBuffer.allocate(HASHED_AT_ONCE);
    long end = tensors.isEmpty() ? 0 : tensors.lastEntry().getValue().end();
    try {
      for (long at = 0; at < end; at += HASHED_AT_ONCE) {
        buffer.clear().limit((int) Math.min(HASHED_AT_ONCE, end - at));
        readFully(buffer, dataStart + at);
        digest.update(buffer.flip());
      }
    } catch (IOException e) {
      throw UserError.io("read", file, e);
    }
    return Sha256.hex(digest);
  }

  private ByteBuffer bytes(StoredTensor tensor) {
    byte[] bytes = new byte[Math.toIntExact(tensor.bytes())];
    readData(tensor, MemorySegment.ofArray(bytes));
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void readData(StoredTensor tensor, Tensor target) {
    switch (target.backend()) {
      case CpuBackend _ -> readData(tensor, target.data());
      case CudaBackend _ -> {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment copy = arena.allocate(tensor.bytes());
          readData(tensor, copy);
          target.copyFrom(copy);
        }
      }
    }
  }

  private void readData(StoredTensor tensor, MemorySegment target) {
    try {
      for (long at = 0; at < tensor.bytes(); at += BYTES_AT_ONCE) {
        long count = Math.min(BYTES_AT_ONCE, tensor.bytes() - at);
        readFully(target.asSlice(at, count).asByteBuffer(), dataStart + tensor.begin() + at);
      }
    } catch (IOException e) {
      throw UserError.io("read tensor '" + tensor.name() + "' of", file, e);
    }
  }

  private void readFully(ByteBuffer target, long position) throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int count = channel.read(target, at);
      if (count < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
      at += count;
    }
  }

  static List<Integer> extents(Shape shape) {
    return Arrays.stream(shape.toArray()).boxed().toList();
  }

  /** Closes the file. Closing twice does nothing. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw UserError.io("close", file, e);
    }
  }
}
