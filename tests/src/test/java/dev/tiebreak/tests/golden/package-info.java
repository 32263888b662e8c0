/**
 * Results against the oracle's, which computed them in PyTorch (see {@code tests/oracle}): every
 * operation, both ways of shaping training, two tiny models forwards, backwards and over ten steps.
 * Each on every {@link dev.tiebreak.tests.golden.Engine}.
 *
 * <p>Not here: what can be checked without an oracle; that stands beside the code or in {@code
 * dev.tiebreak.tests.model}.
 */
package dev.tiebreak.tests.golden;
