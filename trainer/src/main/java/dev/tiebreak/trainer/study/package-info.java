/**
 * A study: several arms, each trained with several seeds, and what readers are then asked. One file
 * {@code study.toml} describes it, {@link dev.tiebreak.trainer.study.StudyPlan}; all that comes of
 * it lies in its folder, {@link dev.tiebreak.trainer.study.StudyFolder}.
 *
 * <p>A plan is checked, registered (hashes of plan, prompts, resolved configurations, data and code
 * go into {@code registration.json}), run, and verified against what was registered. A run of a
 * study is an ordinary run folder of {@link dev.tiebreak.trainer.lab.train}.
 *
 * <p>Not here: how a model is trained, what an arm does ({@link dev.tiebreak.trainer.lab.config}),
 * and statistics.
 */
package dev.tiebreak.trainer.study;
