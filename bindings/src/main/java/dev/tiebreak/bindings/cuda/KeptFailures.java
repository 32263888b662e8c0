package dev.tiebreak.bindings.cuda;

import java.util.concurrent.atomic.AtomicReference;

/**
 * What went wrong while things of one context were closed: {@code close()} never throws, and the
 * next call in that context does. The first failure is thrown and later ones go along.
 */
final class KeptFailures {
  private final AtomicReference<CudaException> first = new AtomicReference<>();

  void keep(CudaException error) {
    first.accumulateAndGet(
        error,
        (kept, added) -> {
          if (kept == null) {
            return added;
          }
          kept.addSuppressed(added);
          return kept;
        });
  }

  /** Throws what was kept, once. */
  void raise() {
    CudaException kept = take();
    if (kept != null) {
      throw kept;
    }
  }

  /** What was kept, which is forgotten by this; null for nothing. */
  CudaException take() {
    return first.get() == null ? null : first.getAndSet(null);
  }
}
