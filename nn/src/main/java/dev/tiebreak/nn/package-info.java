/**
 * Layers, the model, and what trains it: {@link dev.tiebreak.nn.Gpt} reads top-down into {@link
 * dev.tiebreak.nn.Block}, {@link dev.tiebreak.nn.SelfAttention} and {@link dev.tiebreak.nn.Mlp};
 * {@link dev.tiebreak.nn.AdamW}, {@link dev.tiebreak.nn.GradientClip} and {@link
 * dev.tiebreak.nn.LrSchedule} change its weights.
 *
 * <p>A layer is a record of {@link dev.tiebreak.nn.Parameter}s and a {@code forward}; gradients
 * come from the tape. Weight names are the checkpoint's names.
 *
 * <p>In bf16 the model computes with rounded weights; AdamW updates their float32 masters, which
 * are also what checkpoints hold, and rounds them anew. Norm, clip coefficient and factors stay in
 * tensors, so a step never waits for the host.
 *
 * <p>Letters: B batch, T sequence length, C channels, H query heads, KV key/value heads, D head
 * size, V vocabulary.
 *
 * <p>Not here: data, files, tokens (module trainer), and how the loss is shaped (module losses), of
 * which the model only knows that someone may look at its blocks ({@link
 * dev.tiebreak.nn.BlockObserver}).
 */
package dev.tiebreak.nn;
