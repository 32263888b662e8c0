package dev.tiebreak.tensor.cuda;

import dev.tiebreak.bindings.cuda.Event;
import dev.tiebreak.bindings.cuda.PinnedBuffer;
import dev.tiebreak.bindings.cuda.Stream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Copies between Java and the GPU, in the stream's order. What goes in passes through a ring of
 * pinned memory, so a source may be overwritten as soon as the call returns; it waits only if the
 * GPU is a whole ring behind. What comes out is either waited for or fetched later.
 */
public final class Transfers implements AutoCloseable {
  private static final int SLOTS = 8;
  private static final int SLOT_BYTES = 4 << 20;
  private static final int SMALL_BYTES = 4 << 10;

  private record Slot(PinnedBuffer memory, Event done) {
    void await() {
      if (!done.isDone()) {
        done.synchronize();
      }
    }
  }

  private final Stream stream;
  private final Slot[] ring = new Slot[SLOTS]; // made as they are needed
  private final Deque<Slot> small = new ArrayDeque<>(); // for what is fetched later
  private final List<Slot> all = new ArrayList<>();
  private int next;

  /** Copies in a stream. */
  public Transfers(Stream stream) {
    this.stream = stream;
  }

  /** Copies all of {@code source} to the GPU. */
  public void in(long target, MemorySegment source) {
    for (long at = 0; at < source.byteSize(); at += SLOT_BYTES) {
      long bytes = Math.min(SLOT_BYTES, source.byteSize() - at);
      Slot slot = nextSlot();
      slot.await(); // until what it held before is on the GPU
      MemorySegment pinned = slot.memory.segment().asSlice(0, bytes);
      pinned.copyFrom(source.asSlice(at, bytes));
      stream.copyIn(target + at, pinned);
      slot.done.record(stream);
    }
  }

  /** Fills {@code target} from the GPU and waits for it. */
  public void out(MemorySegment target, long source) {
    for (long at = 0; at < target.byteSize(); at += SLOT_BYTES) {
      long bytes = Math.min(SLOT_BYTES, target.byteSize() - at);
      Slot slot = nextSlot();
      MemorySegment pinned = slot.memory.segment().asSlice(0, bytes);
      stream.copyOut(pinned, source + at);
      slot.done.record(stream);
      slot.await();
      target.asSlice(at, bytes).copyFrom(pinned);
    }
  }

  private Slot nextSlot() {
    int index = next;
    next = (next + 1) % SLOTS;
    if (ring[index] == null) {
      ring[index] = newSlot(SLOT_BYTES);
    }
    return ring[index];
  }

  private Slot newSlot(int bytes) {
    Slot slot = new Slot(PinnedBuffer.allocate(bytes), Event.create());
    all.add(slot);
    return slot;
  }

  /**
   * Starts copying small things out, one after the other.
   *
   * @param sources where they are on the GPU
   * @param bytes of each
   */
  public PendingCopy outLater(long[] sources, int bytes) {
    if ((long) sources.length * bytes > SMALL_BYTES) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d times %d bytes are more than %d",
              sources.length,
              bytes,
              SMALL_BYTES));
    }
    Slot slot = small.isEmpty() ? newSlot(SMALL_BYTES) : small.pop();
    for (int i = 0; i < sources.length; i++) {
      stream.copyOut(slot.memory.segment().asSlice((long) i * bytes, bytes), sources[i]);
    }
    slot.done.record(stream);
    return new PendingCopy(slot);
  }

  /** Something small that is on its way to Java. Take it once. */
  public final class PendingCopy {
    private Slot slot;

    private PendingCopy(Slot slot) {
      this.slot = slot;
    }

    /** Waits for it and copies it to {@code target}. */
    public void take(MemorySegment target) {
      if (slot == null) {
        throw new IllegalStateException("the copy was taken before");
      }
      slot.await();
      target.copyFrom(slot.memory.segment().asSlice(0, target.byteSize()));
      small.push(slot);
      slot = null;
    }
  }

  /** Copies that were not taken are lost. */
  @Override
  public void close() {
    for (Slot slot : all) {
      slot.memory.close();
      slot.done.close();
    }
  }
}
