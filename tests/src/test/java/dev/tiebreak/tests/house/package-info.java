/**
 * The rules that the product's own code keeps, checked with every build:
 *
 * <ul>
 *   <li>{@link dev.tiebreak.tests.house.ArrowsTest}: which module and which wing of the trainer may
 *       use which, and no packages that need each other;
 *   <li>{@link dev.tiebreak.tests.house.ReachTest}: votes, judges and reports need no tensors, not
 *       even through others;
 *   <li>{@link dev.tiebreak.tests.house.SizeTest}: short files and short methods;
 *   <li>{@link dev.tiebreak.tests.house.BudgetTest}: packages do not grow unnoticed;
 *   <li>{@link dev.tiebreak.tests.house.UnusedTest}: no method without a caller.
 * </ul>
 *
 * <p>Calls whose result depends on the machine's language, time zone or character set are refused
 * by the forbiddenapis plugin in {@code pom.xml}. The lists that two of these tests compare with
 * are in {@code tests/house}.
 */
package dev.tiebreak.tests.house;
