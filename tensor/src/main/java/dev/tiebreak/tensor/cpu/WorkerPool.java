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

  /** One loop: chunks are taken by counting {@code next} up and counted off in {@code done}. */
  private static final class Loop {
    private final Range body;
    private final long length;
    private final long chunk;
    private final long chunks;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private volatile Throwable failure;

    Loop(Range body, long length, long chunk) {
      this.body = body;
      this.length = length;
      this.chunk = chunk;
      this.chunks = (length + chunk - 1) / chunk;
    }

    void work(int worker) {
      for (long i = next.getAndIncrement(); i < chunks; i = next.getAndIncrement()) {
        try {
          body.run(i * chunk, Math.min((i + 1) * chunk, length), worker);
        } catch (RuntimeException | Error e) {
          failure = e;
        }
        done.getAndIncrement();
      }
    }

    boolean isDone() {
      return done.get() == chunks;
    }
  }

  private final Worker[] workers;
  private volatile Loop current; // the newest loop, finished or not; null before the first
  private volatile boolean closed;

  /** Starts {@code threads - 1} daemon threads. */
  public WorkerPool(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + threads);
    }
    workers = new Worker[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(i + 1);
      workers[i].start();
    }
  }

  /** The number of threads that work on a loop, the caller included. */
  public int threads() {
    return workers.length + 1;
  }

  /**
   * Runs {@code body} over 0 .. length-1 and returns when all of it is done. What the body throws
   * is thrown here, after the other chunks have run.
   *
   * @param grain the least number of indices worth handing to another thread
   */
  public void run(long length, long grain, Range body) {
    if (length <= 0) {
      return;
    }
    if (workers.length == 0 || length <= grain) {
      body.run(0, length, 0);
      return;
    }
    long pieces = Math.min((length + grain - 1) / grain, (long) threads() * CHUNKS_PER_THREAD);
    Loop loop = new Loop(body, length, (length + pieces - 1) / pieces);
    current = loop;
    for (Worker worker : workers) {
      worker.wake();
    }
    loop.work(0);
    while (!loop.isDone()) { // only chunks that a worker has taken are waited for
      Thread.onSpinWait();
    }
    switch (loop.failure) {
      case null -> {}
      case Error e -> throw e;
      case RuntimeException e -> throw e;
      case Throwable e -> throw new AssertionError("a loop body threw a checked exception", e);
    }
  }

  /** Ends the threads once they are idle. */
  @Override
  public void close() {
    closed = true;
    for (Worker worker : workers) {
      worker.wake();
    }
  }

  private final class Worker extends Thread {
    private final int number;
    private volatile boolean asleep;

    Worker(int number) {
      super("tiebreak-worker-" + number);
      this.number = number;
      setDaemon(true);
    }

    void wake() {
      if (asleep) {
        LockSupport.unpark(this);
      }
    }

    @Override
    public void run() {
      Loop last = null;
      while (!closed) {
        Loop loop = await(last);
        if (loop != last) {
          loop.work(number);
          last = loop;
        }
      }
    }

    /** Waits for a loop other than {@code last}; may return early, with {@code last} itself. */
    private Loop await(Loop last) {
      for (int i = 0; i < SPINS_BEFORE_SLEEP; i++) {
        Loop loop = current;
        if (loop != last) {
          return loop;
        }
        Thread.onSpinWait();
      }
      asleep = true;
      if (current == last && !closed) { // read after the flag is set, so no wake-up is missed
        LockSupport.park(this);
      }
      asleep = false;
      return current;
    }
  }
}
