package dev.tiebreak.trainer.judge.llm;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What may be spent. Before a request its highest possible price is set aside, after it the exact
 * price is booked: what is spent and what is set aside never exceed the limit together.
 */
final class Budget {
  private final Optional<BigDecimal> limit;
  private BigDecimal spent;
  private BigDecimal setAside = BigDecimal.ZERO;

  Budget(Optional<BigDecimal> limit, BigDecimal spent) {
    this.limit = limit;
    this.spent = spent;
  }

  /**
   * Sets a price aside, after requests on their way have ended if it takes that.
   *
   * @return false if it cannot be paid
   */
  synchronized boolean reserve(BigDecimal price) throws InterruptedException {
    while (!fits(price)) {
      if (setAside.signum() == 0) {
        return false;
      }
      wait();
    }
    setAside = setAside.add(price);
    return true;
  }

  private boolean fits(BigDecimal price) {
    return limit.isEmpty() || spent.add(setAside).add(price).compareTo(limit.get()) <= 0;
  }

  /** Books what a request did cost, in the place of what was set aside for it. */
  synchronized void settle(BigDecimal reserved, BigDecimal cost) {
    setAside = setAside.subtract(reserved);
    spent = spent.add(cost);
    notifyAll();
  }
}
