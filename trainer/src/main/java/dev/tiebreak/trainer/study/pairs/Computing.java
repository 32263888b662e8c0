package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.OutOfTensorMemoryException;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.device.Device;
import java.util.Collection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

/**
 * Where and how much at a time.
 *
 * @param device that models run on
 * @param threads of the processor for each of them; other numbers may round differently
 * @param parallel how many models at the same time
 */
public record Computing(Device device, int threads, int parallel) {
  /** Checks the numbers. */
  public Computing {
    if (threads < 1 || parallel < 1) {
      throw new UserError("threads and models at the same time must be 1 or more");
    }
  }

  /**
   * Does something for each of some things, on a backend of its own, several at a time. When one
   * fails, none is begun any more, and the failure is thrown when those under way have ended.
   */
  <T> void forEach(Collection<T> things, BiConsumer<T, Backend> work) {
    AtomicReference<RuntimeException> failure = new AtomicReference<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(parallel)) { // closing it waits
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
