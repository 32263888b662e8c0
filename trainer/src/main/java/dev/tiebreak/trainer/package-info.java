/**
 * What a user runs, in wings: each may use those above it in this list, and a test guards that.
 *
 * <ol>
 *   <li>{@code base}: mistakes of users, files that are whole or absent, TOML as records; knows
 *       nothing of the subject.
 *   <li>{@code ballot}: votes, pairs and keys, and the protocol that they were made under.
 *   <li>{@code evidence}: what votes say: statistics, charts, the report.
 *   <li>{@code judge}: where votes come from: people on a page, language models, rules.
 *   <li>{@code lab}: one training, from text to weights, and what is measured of them.
 *   <li>{@code study}: many trainings under one registered plan, and the pairs made of them.
 *   <li>{@code cli}: the command line.
 * </ol>
 *
 * <p>{@code ballot}, {@code evidence} and {@code judge} reach no tensor, not even through others.
 */
package dev.tiebreak.trainer;
