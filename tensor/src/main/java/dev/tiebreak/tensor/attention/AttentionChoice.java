package dev.tiebreak.tensor.attention;

import dev.tiebreak.tensor.CudaBackend;
import java.util.Locale;
import java.util.Map;

/** Which kernels compute attention on a GPU: a choice of {@link CudaBackend.Options}. */
public enum AttentionChoice {
  /** cuDNN's where it can, else our own. */
  AUTO,
  /** cuDNN's; an error where it cannot. */
  CUDNN,
  /** Our own. */
  OWN;

  /** What the choice is about, among a backend's. */
  public static final String KEY = "attention";

  /** Such as {@code own}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** For {@link CudaBackend.Options}, where nothing else is to be chosen. */
  public Map<String, String> asOption() {
    return Map.of(KEY, label());
  }

  static AttentionChoice of(CudaBackend cuda) {
    return valueOf(
        cuda.options().choices().getOrDefault(KEY, AUTO.label()).toUpperCase(Locale.ROOT));
  }
}
