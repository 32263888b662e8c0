/**
 * Whole models against mathematics: gradients are slopes, and a model that learns can learn one
 * batch by heart.
 *
 * <p>Not here: comparisons with numbers from elsewhere ({@code dev.tiebreak.tests.golden}), files
 * and commands.
 */
package dev.tiebreak.tests.model;
