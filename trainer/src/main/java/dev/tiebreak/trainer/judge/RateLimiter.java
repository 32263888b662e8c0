package dev.tiebreak.trainer.judge;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Lets so many requests through in a second, and some more at once after a pause (token bucket).
 * Kept in memory for each link; all unknown links share one, as no address is kept to tell who
 * asks.
 */
final class RateLimiter {
  private static final double NANOS = 1e9;

  private final double perSecond;
  private final double burst;
  private final LongSupplier nanos;
  private final Map<Long, Bucket> buckets = new HashMap<>(); // by link; as many as links were used

  private static final class Bucket {
    private double left;
    private long at;

    Bucket(double left, long at) {
      this.left = left;
      this.at = at;
    }
  }

  RateLimiter(double perSecond, double burst, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.nanos = nanos;
  }

  /** Whether one more request is let through. */
  synchronized boolean admits(long link) {
    long now = nanos.getAsLong();
    Bucket bucket = buckets.computeIfAbsent(link, _ -> new Bucket(burst, now));
    bucket.left = Math.min(burst, bucket.left + (now - bucket.at) / NANOS * perSecond);
    bucket.at = now;
    if (bucket.left < 1) {
      return false;
    }
    bucket.left--;
    return true;
  }
}
