/**
 * Language models as judges, over any OpenAI-compatible chat endpoint. {@link
 * dev.tiebreak.trainer.judge.llm.Panel} says whom to ask, {@link
 * dev.tiebreak.trainer.judge.llm.Rubric} what, {@link dev.tiebreak.trainer.judge.llm.PanelRun} asks
 * and keeps every reply in {@link dev.tiebreak.trainer.judge.llm.ReplyLog}, and {@link
 * dev.tiebreak.trainer.judge.llm.Verdicts} makes votes out of replies alone.
 *
 * <p>No key of a vendor is written or printed anywhere.
 */
package dev.tiebreak.trainer.judge.llm;
