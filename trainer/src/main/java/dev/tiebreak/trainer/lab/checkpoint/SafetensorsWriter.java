package dev.tiebreak.trainer.lab.checkpoint;

import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.base.AtomicFiles;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Writes safetensors files. Bytes go from the tensors' own memory, or a copy of a GPU's, to the
 * file; the same tensors always give the same bytes.
 */
public final class SafetensorsWriter {
  private static final long BYTES_AT_ONCE = 16 << 20;

  private SafetensorsWriter() {}

  /**
   * Writes a file, whole or not at all. Tensors of wider elements come first, otherwise they keep
   * their order: so every one begins at a multiple of its element size.
   *
   * @param file to create or replace; its folder must exist
   * @param metadata any text, also none
   * @param tensors by name, row-major (no strided views)
   * @throws IOException if it cannot be written; an older file then stays as it was
   */
  public static void write(
      Path file, Map<String, String> metadata, SequencedMap<String, Tensor> tensors)
      throws IOException {
    AtomicFiles.writeChannel(file, channel -> write(channel, metadata, tensors));
  }

  static void write(
      WritableByteChannel channel,
      Map<String, String> metadata,
      SequencedMap<String, Tensor> tensors)
      throws IOException {
    SafetensorsHeader.requireLittleEndian();
    List<String> names = new ArrayList<>(tensors.keySet());
    names.sort(Comparator.comparingInt(name -> -tensors.get(name).dtype().bytes()));
    List<StoredTensor> entries = new ArrayList<>();
    long offset = 0;
    for (String name : names) {
      Tensor tensor = tensors.get(name);
      long end = offset + tensor.size() * tensor.dtype().bytes();
      entries.add(
          new StoredTensor(
              name,
              StoredType.of(tensor.dtype()),
              SafetensorsReader.extents(tensor.shape()),
              offset,
              end));
      offset = end;
    }
    writeFully(channel, new SafetensorsHeader(metadata, entries).toBytes());
    for (String name : names) {
      writeFully(channel, tensors.get(name).copyOut());
    }
  }

  private static void writeFully(WritableByteChannel channel, MemorySegment data)
      throws IOException {
    for (long at = 0; at < data.byteSize(); at += BYTES_AT_ONCE) {
      long count = Math.min(BYTES_AT_ONCE, data.byteSize() - at);
      writeFully(channel, data.asSlice(at, count).asByteBuffer());
    }
  }

  private static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
