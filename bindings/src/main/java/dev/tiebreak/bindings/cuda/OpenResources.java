package dev.tiebreak.bindings.cuda;

import dev.tiebreak.bindings.cuda.Resource.Origin;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What of one context has not been given back yet. */
final class OpenResources {
  private final AtomicInteger count = new AtomicInteger();
  private final Map<Resource, Origin> origins = new ConcurrentHashMap<>();

  void add(Resource resource) {
    count.incrementAndGet();
    if (Boolean.getBoolean("tiebreak.cuda.track")) {
      origins.put(resource, new Origin());
    }
  }

  void remove(Resource resource) {
    count.decrementAndGet();
    origins.remove(resource);
  }

  int count() {
    return count.get();
  }

  /** One text for each, with where it was made; empty without tracking. */
  List<String> leaks() {
    return origins.entrySet().stream()
        .map(leak -> leak.getKey() + ", made at " + leak.getValue())
        .sorted()
        .toList();
  }
}
