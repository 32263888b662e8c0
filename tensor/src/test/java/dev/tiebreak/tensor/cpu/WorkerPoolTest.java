package dev.tiebreak.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The thread team: every index once, exceptions out, no loop lost. */
@Timeout(60)
class WorkerPoolTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyIndexIsHandledExactlyOnce(int threads) {
    try (var pool = new WorkerPool(threads)) {
      for (int length : new int[] {1, 2, 3, 7, 33, 257, 1000, 8193}) {
        for (int grain : new int[] {1, 2, 5, 64, 10_000}) {
          var counts = new AtomicIntegerArray(length);
          pool.run(length, grain, (from, to, worker) -> count(counts, from, to, worker, threads));
          for (int i = 0; i < length; i++) {
            assertThat(counts.get(i)).isEqualTo(1);
          }
        }
      }
    }
  }

  private static void count(
      AtomicIntegerArray counts, long from, long to, int worker, int threads) {
    if (worker < 0 || worker >= threads || from >= to) {
      throw new AssertionError(
          String.format(Locale.ROOT, "worker %d got %d .. %d", worker, from, to));
    }
    for (long i = from; i < to; i++) {
      counts.incrementAndGet((int) i);
    }
  }

  @Test
  void anEmptyLoopDoesNothing() {
    try (var pool = new WorkerPool(2)) {
      pool.run(0, 1, (from, to, worker) -> assertThat(true).isFalse());
    }
  }

  @Test
  void aLoopNoLongerThanItsGrainStaysOnTheCaller() {
    try (var pool = new WorkerPool(3)) {
      List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
      pool.run(64, 64, (from, to, worker) -> threads.add(Thread.currentThread()));
      assertThat(threads).containsExactly(Thread.currentThread());
    }
  }

  @Test
  void theBordersDependOnlyOnLengthGrainAndThreads() {
    try (var pool = new WorkerPool(3)) {
      List<Long> first = borders(pool);
      for (int round = 0; round < 50; round++) {
        assertThat(borders(pool)).isEqualTo(first);
      }
    }
  }

  private static List<Long> borders(WorkerPool pool) {
    List<Long> borders = Collections.synchronizedList(new ArrayList<>());
    pool.run(1001, 7, (from, to, worker) -> borders.add(from << 32 | to));
    return borders.stream().sorted().toList();
  }

  @Test
  void allThreadsWorkAtTheSameTime() {
    try (var pool = new WorkerPool(3)) {
      var together = new CountDownLatch(3);
      pool.run(
          3,
          1,
          (from, to, worker) -> {
            together.countDown();
            await(together);
          });
      assertThat(together.getCount()).isZero();
    }
  }

  @Test
  void noTwoThreadsShareAWorkerNumberAtOnce() {
    try (var pool = new WorkerPool(4)) {
      var busy = new AtomicIntegerArray(4);
      for (int round = 0; round < 200; round++) {
        pool.run(
            64,
            1,
            (from, to, worker) -> {
              if (busy.incrementAndGet(worker) != 1) {
                throw new AssertionError("worker " + worker + " runs twice");
              }
              busy.decrementAndGet(worker);
            });
      }
    }
  }

  @Test
  void thousandsOfShortLoopsAllFinishAndSeeEachOthersWrites() {
    try (var pool = new WorkerPool(3)) {
      long[] values = new long[24];
      for (int round = 0; round < 5000; round++) {
        pool.run(
            values.length,
            1,
            (from, to, worker) -> {
              for (long i = from; i < to; i++) {
                values[(int) i]++; // by another thread than in the last loop
              }
            });
      }
      assertThat(values).containsOnly(5000);
    }
  }

  @Test
  void workersThatSleptWakeUpForTheNextLoop() throws InterruptedException {
    try (var pool = new WorkerPool(2)) {
      for (int round = 0; round < 3; round++) {
        Thread.sleep(50); // long past the spinning
        var together = new CountDownLatch(2);
        pool.run(
            2,
            1,
            (from, to, worker) -> {
              together.countDown();
              await(together);
            });
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void anExceptionInAChunkReachesTheCallerAndThePoolGoesOn(int threads) {
    try (var pool = new WorkerPool(threads)) {
      for (long bad : new long[] {0, 500, 999}) {
        assertThatThrownBy(() -> pool.run(1000, 1, (from, to, worker) -> refuse(from, to, bad)))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("index " + bad);
        var sum = new AtomicLong();
        pool.run(1000, 1, (from, to, worker) -> sum.addAndGet(to - from));
        assertThat(sum.get()).isEqualTo(1000);
      }
    }
  }

  private static void refuse(long from, long to, long bad) {
    if (from <= bad && bad < to) {
      throw new IllegalStateException("index " + bad);
    }
  }

  @Test
  void anErrorInAChunkReachesTheCaller() {
    try (var pool = new WorkerPool(2)) {
      assertThatThrownBy(() ->
              pool.run(
                  10,
                  1,
                  (from, to, worker) -> {
                    throw new StackOverflowError("deep");
                  }))
          .isInstanceOf(StackOverflowError.class);
    }
  }

  @Test
  void closingEndsTheThreads() throws InterruptedException {
    var workers = Collections.synchronizedSet(new HashSet<Thread>());
    var pool = new WorkerPool(3);
    var together = new CountDownLatch(3);
    pool.run(
        3,
        1,
        (from, to, worker) -> {
          workers.add(Thread.currentThread());
          together.countDown();
          await(together);
        });
    workers.remove(Thread.currentThread());
    assertThat(workers).hasSize(2);
    pool.close();
    for (Thread worker : workers) {
      worker.join(30_000);
      assertThat(worker.isAlive()).isFalse();
      assertThat(worker.isDaemon()).isTrue();
    }
  }

  @Test
  void aPoolNeedsAThread() {
    assertThatThrownBy(() -> new WorkerPool(0)).hasMessage("threads must be at least 1, got 0");
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("the threads did not meet");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
