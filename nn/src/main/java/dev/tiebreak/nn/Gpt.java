package dev.tiebreak.nn;

import dev.tiebreak.nn.BlockObserver.Quantity;
import dev.tiebreak.nn.GptConfig.Positions;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Rotation;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.KvCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A decoder-only transformer language model: embedding, blocks, final norm, head.
 *
 * <p>With learned positions, LayerNorm, GELU and a tied head it is GPT-2 (Radford et al., 2019);
 * with RoPE, RMSNorm, SwiGLU and grouped-query attention it is Llama (Touvron et al., 2023).
 */
public final class Gpt {
  private final GptConfig config;
  private final DType dtype;
  private final Tensor tokenEmbedding; // (V, C)
  private final Tensor positionEmbedding; // (T, C), or null with RoPE
  private final List<Block> blocks = new ArrayList<>();
  private final Norm finalNorm;
  private final Tensor head; // (V, C); the token embedding if tied
  private final List<Parameter> parameters;
  private final DropoutSites dropout;
  private final List<Observation> observations = new ArrayList<>();
  private final List<Runnable> gradientHooks = new ArrayList<>();

  /** Who wants to hear what. */
  private record Observation(Quantity quantity, BlockObserver observer) {
    void tell(int layer, Norm.Point before, Norm.Point after) {
      Tensor value =
          switch (quantity) {
            case DIVERGENCE -> after.divergence();
            case COSINE_DISTANCE -> before.x().cosineDistance(after.x());
          };
      observer.observe(layer, value);
    }
  }

  /**
   * A model with initial weights.
   *
   * @param dtype of weights and activations: F32 to train, F64 to check gradients, BF16 to train
   *     faster on a GPU with float32 masters
   * @param scope owns the weights, their masters and gradients, and the rotary tables
   * @param seed decides the initial weights and the dropout masks
   */
  public Gpt(GptConfig config, DType dtype, Scope scope, long seed) {
    this.config = config;
    this.dtype = dtype;
    Initializer init = new Initializer(scope, dtype, seed, config.layers());
    int c = config.channels();
    tokenEmbedding = init.matrix("token_embedding.weight", config.vocabulary(), c);
    boolean learned = config.positions() == Positions.LEARNED;
    positionEmbedding =
        learned ? init.matrix("position_embedding.weight", config.sequenceLength(), c) : null;
    Rotation rotation = learned ? null : rotation(scope, config, dtype);
    for (int i = 0; i < config.layers(); i++) {
      blocks.add(Block.of(init, "blocks." + i, config, rotation));
    }
    finalNorm = Norm.of(init, "final_norm", config);
    head = config.tiedHead() ? tokenEmbedding : init.matrix("head.weight", config.vocabulary(), c);
    parameters = init.since(0);
    dropout = new DropoutSites(config.dropout(), seed);
  }

  private static Rotation rotation(Scope scope, GptConfig config, DType dtype) {
    return Rotation.of(
        scope, dtype, config.sequenceLength(), config.headSize(), config.ropeTheta());
  }

  /** The model's shape. */
  public GptConfig config() {
    return config;
  }

  /** All weights, in a fixed order, each once. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /** N, the number of weights: elements of all {@link #parameters}. */
  public long parameterCount() {
    return parameters.stream().mapToLong(parameter -> parameter.master().size()).sum();
  }

  /**
   * Floating-point operations to train on one token: 6 per weight that takes part in a matrix
   * product (2 forward, 4 backward) and 12 T C per layer for attention, counting the full square as
   * is customary (Chowdhery et al., "PaLM", appendix B). Embedding look-ups cost none.
   */
  public double flopsPerToken() {
    long positions = positionEmbedding == null ? 0 : positionEmbedding.size();
    long lookups = positions + (head == tokenEmbedding ? 0 : tokenEmbedding.size());
    double attention = 12.0 * config.layers() * config.sequenceLength() * config.channels();
    return 6.0 * (parameterCount() - lookups) + attention;
  }

  /** The weights of one block. */
  public List<Parameter> blockParameters(int layer) {
    return blocks.get(layer).parameters();
  }

  /** Tells {@code observer} of every block of every recorded forward pass from now on. */
  public void observeBlocks(Quantity quantity, BlockObserver observer) {
    observations.add(new Observation(quantity, observer));
  }

  /** Chooses the dropout masks of the next forward pass by the number of its micro-batch. */
  public void startMicroBatch(long microBatch) {
    dropout.start(microBatch);
  }

  /**
   * Logits (B, T, V) for tokens (B, T). Dropout and block observers act only if the open tape
   * records.
   */
  public Tensor logits(Tensor tokens) {
    int length = tokens.dim(1);
    requireRoom(length, 0);
    Tensor x = tokenEmbedding.embedding(tokens); // (B, T, C)
    if (positionEmbedding != null) {
      x = x.add(positionEmbedding.slice(0, 0, length));
    }
    return normed(dropout.apply(x), null).linear(head, null);
  }

  /** Runs all blocks and the final norm; through caches if they are not null. */
  private Tensor normed(Tensor x, List<KvCache> caches) { // (B, T, C) -> (B, T, C)
    boolean recording = x.backend().tape().isRecording();
    boolean measured =
        recording && observations.stream().anyMatch(o -> o.quantity == Quantity.DIVERGENCE);
    Norm.Point point = new Norm.Point(x, normOf(0).forward(x), null);
    for (int i = 0; i < blocks.size(); i++) {
      KvCache cache = caches == null ? null : caches.get(i);
      Norm.Point before = point;
      point = blocks.get(i).forward(before, normOf(i + 1), measured, cache, dropout);
      if (recording) {
        for (Observation observation : observations) {
          observation.tell(i, before, point);
        }
      }
    }
    return point.normed();
  }

  /** The norm in front of a block, or of the head. */
  private Norm normOf(int layer) {
    return layer < blocks.size() ? blocks.get(layer).attentionNorm() : finalNorm;
  }

  /** Per-token cross-entropy in nats (B, T) for tokens (B, T) and targets (B, T). */
  public Tensor losses(Tensor tokens, Tensor targets) {
    return logits(tokens).crossEntropyInPlace(targets);
  }

  /** Empty caches, one per layer, for generating from {@code batch} sequences at once. */
  public List<KvCache> newCaches(Scope scope, int batch) {
    List<KvCache> caches = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      caches.add(
          new KvCache(
              scope, dtype, batch, config.sequenceLength(), config.kvHeads(), config.headSize()));
    }
    return caches;
  }

  /**
   * Logits (B, 1, V) of the last of these new tokens (B, t), which follow those the caches hold;
   * the caches take them in. Needs a tape opened by {@code Tape.inference}.
   */
  public Tensor nextLogits(Tensor tokens, List<KvCache> caches) {
    int length = tokens.dim(1);
    int position = caches.getFirst().length();
    requireRoom(length, position);
    Tensor x = tokenEmbedding.embedding(tokens); // (B, t, C)
    if (positionEmbedding != null) {
      x = x.add(positionEmbedding.slice(0, position, length));
    }
    return normed(x, caches).slice(1, length - 1, 1).linear(head, null);
  }

  private void requireRoom(int length, int position) {
    if (position + length > config.sequenceLength()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d tokens after %d exceed the model's sequence length of %d",
              length,
              position,
              config.sequenceLength()));
    }
  }

  /** Forgets all gradients, before the first micro-batch of a step. */
  public void clearGradients() {
    for (Parameter parameter : parameters) {
      parameter.tensor().clearGradient();
    }
  }

  /** Registers what is to be done once the gradients of a step are complete. */
  public void onGradientsReady(Runnable hook) {
    gradientHooks.add(hook);
  }

  /**
   * Says that the gradients are complete, after the last micro-batch of a step: runs what was
   * registered, in order. Needs an open tape, for what that computes.
   */
  public void gradientsReady() {
    gradientHooks.forEach(Runnable::run);
  }
}
