/**
 * Training one model: {@link dev.tiebreak.trainer.lab.train.Trainer} runs a {@link
 * dev.tiebreak.trainer.lab.config.TrainConfig} in a {@link dev.tiebreak.trainer.lab.train.HeldRun}
 * and tells a {@link dev.tiebreak.trainer.lab.train.TrainListener} how it goes; {@link
 * dev.tiebreak.trainer.lab.train.LoadedModel} opens what it left.
 *
 * <p>A run folder, {@link dev.tiebreak.trainer.lab.train.RunFolder}, holds:
 *
 * <pre>
 * config.toml     every key, resolved          manifest.json  hashes of data, order, weights, code
 * tokenizer.json  to encode and decode         metrics.jsonl  one line per logged step, evaluation
 * checkpoints/    weights, optimizer, state    summary.json   the result, once the run is complete
 * aborted.json    why it was given up, only if it was
 * examination.json        entropy, calibration and so on after the last step, if asked for
 * validation.safetensors  with it: loss and entropy of each validation token
 * </pre>
 *
 * <p>Equal configurations on one machine give equal bytes in config, tokenizer, checkpoints and
 * examination, interrupted or not. Metrics and summary are equal but for what is under {@code
 * timing}; the manifest but for {@code started} and {@code machine}.
 *
 * <p>The host hears of a step that is not logged when the next one is under way, so the device
 * never waits for it. An evaluation, a checkpoint and the end come after the step has been heard
 * of.
 *
 * <p>Nothing here prints: drawing is the listener's part. Shapes: B sequences in a micro-batch, T
 * tokens in a sequence.
 */
package dev.tiebreak.trainer.lab.train;
