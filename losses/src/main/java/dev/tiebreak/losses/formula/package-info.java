/**
 * A small language for the weight of a token: {@code 1 + s * (l - m) / (v + eps)}.
 *
 * <p>A {@link dev.tiebreak.losses.formula.Formula} is made of numbers, of what a micro-batch tells
 * ({@link dev.tiebreak.losses.formula.Quantity}) and of {@link
 * dev.tiebreak.losses.formula.Operation}s. Here it is read, simplified, printed in its one
 * canonical form, and asked what it can be: a division by what can be 0 is refused before anything
 * is trained, with its place in the text.
 *
 * <p>Nothing here knows tensors: {@link dev.tiebreak.losses.TokenGain} works formulas out.
 */
package dev.tiebreak.losses.formula;
