package dev.tiebreak.trainer.lab.device;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.OutOfTensorMemoryException;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.TrainingConfig;
import java.util.Collection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

/**
 * Where models are trained or run, and how many at a time.
 *
 * @param threads of the processor for each of them; other numbers may round differently
 * @param atOnce how many at the same time; one on a GPU
 */
public record Parallelism(Device device, int threads, int atOnce) {
  private static final String NAME = "parallel";

  public Parallelism {
    Check.parameter(threads >= 1, "threads", threads, "1 or more");
    Check.parameter(atOnce >= 1, NAME, atOnce, "1 or more");
    if (device.isGpu() && atOnce > 1) {
      throw new UserError(
          Words.of(
              "%s is %d, but one GPU runs one model at a time; use 1, and another process for a second GPU",
              NAME, atOnce),
          Remedy.parameter(NAME));
    }
  }

  /** As many at once as the processor has threads for all of them; one on a GPU. */
  public static Parallelism usual(Device device, TrainingConfig config) {
    int fitting = Runtime.getRuntime().availableProcessors() / config.threadCount();
    return new Parallelism(device, config.threadCount(), device.isGpu() ? 1 : Math.max(1, fitting));
  }

  /** The same for so many models at most. */
  public Parallelism atMost(int models) {
    return new Parallelism(device, threads, Math.min(models, atOnce));
  }

  /**
   * Does something for each of some things, on a backend of its own, several at a time. When one
   * fails, none is begun any more, and the failure is thrown when those under way have ended.
   */
  public <T> void forEach(Collection<T> things, BiConsumer<T, Backend> work) {
    AtomicReference<RuntimeException> failure = new AtomicReference<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(atOnce)) { // closing it waits
      for (T thing : things) {
        pool.execute(() -> {
          if (failure.get() == null) {
            try (Backend backend = device.open(threads)) {
              work.accept(thing, backend);
            } catch (OutOfTensorMemoryException e) {
              failure.compareAndSet(null, new UserError(e.getMessage(), e));
            } catch (RuntimeException e) {
              failure.compareAndSet(null, e);
            } catch (Error e) {
              failure.compareAndSet(null, new IllegalStateException(e));
            }
          }
        });
      }
    }
    if (failure.get() != null) {
      throw failure.get();
    }
  }
}
