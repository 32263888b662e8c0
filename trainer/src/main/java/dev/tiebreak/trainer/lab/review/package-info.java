/**
 * Runs that are there, looked at again: {@link dev.tiebreak.trainer.lab.review.RunExamination}
 * examines the model of one on its validation tokens, or those of two and how far apart they are;
 * {@link dev.tiebreak.trainer.lab.review.ExaminationText} says it to a person and writes it for a
 * program.
 *
 * <p>Not here: what is measured, and how ({@link dev.tiebreak.trainer.lab.examine}).
 */
package dev.tiebreak.trainer.lab.review;
