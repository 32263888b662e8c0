/**
 * The five-minute tour: a study of four arms and two seeds, made from the template {@code demo} by
 * {@link dev.tiebreak.trainer.study.demo.DemoStudy}; what twins write for the same prompts, {@link
 * dev.tiebreak.trainer.study.demo.PairedSamples}; and what it says in the end, {@link
 * dev.tiebreak.trainer.study.demo.DemoReport}.
 *
 * <p>Two seeds of small models are an illustration, not evidence. Not here: how studies are run
 * ({@link dev.tiebreak.trainer.study}), compared and drawn ({@link
 * dev.tiebreak.trainer.study.results}).
 */
package dev.tiebreak.trainer.study.demo;
