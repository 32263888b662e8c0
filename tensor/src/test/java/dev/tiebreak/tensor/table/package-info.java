/**
 * The table of operations: a line for each, which every test of all operations runs through, here
 * and in the tests across modules. So a new operation is tested everywhere by one line.
 */
package dev.tiebreak.tensor.table;
