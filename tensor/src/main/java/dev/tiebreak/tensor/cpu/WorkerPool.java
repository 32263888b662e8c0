package dev.tiebreak.tensor.cpu;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of threads that divides loops. The caller works too, so a pool of n threads starts
 * n-1.
 *
 * <p>Work is cut into chunks whose borders depend only on the loop's length, the grain and the
 * number of threads; which thread takes which chunk does not matter to any result. Between two
 * loops a worker spins for a moment before it sleeps: a training step has thousands of short loops,
 * and waking a sleeping thread costs more than many of them.
 */
public final class WorkerPool implements AutoCloseable {
  /** The body of a divided loop: handles indices {@code from .. to-1}. */
  @FunctionalInterface
  public interface Range {
    /** Handles a part of the loop; {@code worker} is 0 .. threads-1, for scratch memory. */
    void run(long from, long to, int worker);
  }

  private static final int SPINS_BEFORE_SLEEP = 20_000;
  private static final int CHUNKS_PER_THREAD = 4;

  private final int threads;
  private final Thread[] workers;
  private final AtomicLong nextChunk = new AtomicLong();
  private final AtomicLong finishedWorkers = new AtomicLong();

  // The current loop: written by the caller before `epoch`, read by workers after it.
  private Range body;
  private long length;
  private long chunk;
  private volatile long epoch;
  private volatile boolean closed;
  private volatile Throwable failure;

  /** Starts {@code threads - 1} daemon threads. */
  public WorkerPool(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + threads);
    }
    this.threads = threads;
    this.workers = new Thread[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      int worker = i + 1;
      workers[i] = new Thread(() -> serve(worker), "tiebreak-worker-" + worker);
      workers[i].setDaemon(true);
      workers[i].start();
    }
  }

  /** The number of threads that work on a loop, the caller included. */
  public int threads() {
    return threads;
  }

  /**
   * Runs {@code body} over 0 .. length-1.
   *
   * @param grain the least number of indices worth handing to another thread
   */
  public void run(long length, long grain, Range body) {
    if (length <= 0) {
      return;
    }
    if (threads == 1 || length <= grain) {
      body.run(0, length, 0);
      return;
    }
    long pieces = Math.min((length + grain - 1) / grain, (long) threads * CHUNKS_PER_THREAD);
    this.body = body;
    this.length = length;
    this.chunk = (length + pieces - 1) / pieces;
    this.failure = null;
    nextChunk.set(0);
    finishedWorkers.set(0);
    epoch = epoch + 1; // publishes the loop
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
    work(0);
    while (finishedWorkers.get() < workers.length) {
      Thread.onSpinWait();
    }
    this.body = null;
    Throwable thrown = failure;
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
  }

  private void work(int worker) {
    try {
      for (long from = nextChunk.getAndAdd(chunk);
          from < length;
          from = nextChunk.getAndAdd(chunk)) {
        body.run(from, Math.min(from + chunk, length), worker);
      }
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  private void serve(int worker) {
    long seen = 0;
    while (true) {
      int spins = 0;
      while (epoch == seen) {
        if (closed) {
          return;
        }
        if (++spins < SPINS_BEFORE_SLEEP) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      seen = epoch;
      work(worker);
      finishedWorkers.incrementAndGet();
    }
  }

  /** Ends the threads once they are idle. */
  @Override
  public void close() {
    closed = true;
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
  }
}
