package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.tensor.Philox;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/**
 * Which tokens every training step sees. Sequence number i of a run begins at a place drawn
 * uniformly from the training part by the i-th number of the seed's DATA stream; micro-batch m
 * holds the sequences m·B to m·B + B - 1.
 *
 * <p>There is no state: a resumed run asks for the next micro-batch and gets what it would have
 * got, and a run with other micro-batches sees the same sequences in the same order. May be used by
 * several threads.
 */
public final class Batches {
  private static final long MOST_HASHED = 1 << 20; // sequences

  private final Dataset data; // null if there is none
  private final Windows windows;
  private final Philox random;

  /**
   * @param data where the tokens are; must stay open
   * @param batch sequences in a micro-batch, B
   * @param sequence tokens in a sequence, T
   * @throws UserError if the training part is shorter than T + 1 tokens
   */
  public Batches(Dataset data, int batch, int sequence, long seed) {
    this(
        data,
        Windows.of("training", data.tokens(), 0, data.manifest().trainTokens(), batch, sequence),
        seed);
  }

  private Batches(Dataset data, Windows windows, long seed) {
    this.data = data;
    this.windows = windows;
    this.random = new Philox(seed, Philox.DATA);
  }

  /** Batches of no text, of nothing but token 0: to see what a training takes. */
  public static Batches ofZeros(int batch, int sequence) {
    return new Batches(null, Windows.ofZeros(batch, sequence), 0);
  }

  /** The text; null for batches of none. */
  public Dataset data() {
    return data;
  }

  /** Sequences in a micro-batch, B. */
  public int batch() {
    return windows.batch();
  }

  /** Tokens in a sequence, T. */
  public int sequence() {
    return windows.sequence();
  }

  /**
   * Where a sequence begins.
   *
   * @param sequence number of the sequence in the run, from 0
   * @return a token index in [0, training tokens - T)
   */
  public long offset(long sequence) {
    return random.below(sequence, windows.offsets());
  }

  /**
   * Fills one micro-batch.
   *
   * @param microBatch its number in the run, from 0
   * @param inputs int32 (B, T): token ids
   * @param targets int32 (B, T): for each input the token after it
   */
  public void fill(long microBatch, MemorySegment inputs, MemorySegment targets) {
    long first = Math.multiplyExact(microBatch, (long) batch());
    for (int row = 0; row < batch(); row++) {
      windows.copy(offset(first + row), row, inputs, targets);
    }
  }

  /**
   * A fingerprint of the data order: the SHA-256 of the offsets of the first sequences of the run,
   * each as eight little-endian bytes. Together with the hash of the tokens it says what a run saw.
   * It covers a million sequences at most, which tell a seed's order from any other, so that it
   * takes no longer where a run is planned to go on for ever.
   *
   * @param microBatches how many micro-batches it covers
   */
  public String orderHash(long microBatches) {
    MessageDigest digest = Sha256.digest();
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    long sequences = Math.min(MOST_HASHED, Math.multiplyExact(microBatches, (long) batch()));
    for (long i = 0; i < sequences; i++) {
      digest.update(bytes.putLong(0, offset(i)).array());
    }
    return Sha256.hex(digest);
  }

  /**
   * Batches from the validation part, the same for every seed and every arm.
   *
   * @param batches how many at most
   * @throws UserError if the validation part is shorter than T + 1 tokens
   */
  public Evaluation evaluation(int batches) {
    DataManifest manifest = data.manifest();
    return new Evaluation(
        Windows.of(
            "validation",
            data.tokens(),
            manifest.trainTokens(),
            manifest.validationTokens(),
            batch(),
            sequence()),
        batches);
  }

  /** Batches from the training part, chosen in the same way, to compare with the validation. */
  public Evaluation trainingEvaluation(int batches) {
    return new Evaluation(windows, batches);
  }
}
