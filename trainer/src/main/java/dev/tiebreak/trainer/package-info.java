/**
 * What a user runs, in wings. Each may use those above it in this list, and a test guards that; none
 * of the first four reaches a tensor, not even through others.
 *
 * <h2>Packages, in processing order</h2>
 *
 * <ul>
 *   <li>{@code base}: mistakes of users, files that are whole or absent, file formats as records.
 *       {@code base.toml}: TOML files as records.
 *   <li>{@code ballot}: votes and their tables. {@code ballot.pairs}: which text is whose. {@code
 *       ballot.protocol}: what is settled before anybody judges.
 *   <li>{@code evidence.statistics}: what numbers can carry, in {@code fit}, {@code paired}, {@code
 *       votes} and {@code power}. {@code evidence.chart}: figures. {@code evidence.document}: texts,
 *       tables and figures, written as HTML, Markdown, JSON, CSV or for a terminal. {@code
 *       evidence.report}: what votes say.
 *   <li>{@code judge}: the page for people. {@code judge.llm}: language models. {@code
 *       judge.scripted}: judges that are rules.
 *   <li>{@code lab.config}: what a training is asked to do. {@code lab.tokenizer} and {@code
 *       lab.data}: from text to batches. {@code lab.device}: where it computes. {@code
 *       lab.checkpoint}: weights as files. {@code lab.train}: the training. {@code lab.generate}:
 *       text from a model. {@code lab.examine}: what a loss does not say. {@code lab.review}: runs
 *       looked at again. {@code lab.estimate}: what a training will need. {@code lab.bench}: how
 *       fast this machine is.
 *   <li>{@code study}: many trainings under one registered plan. {@code study.pairs}: their texts,
 *       blind. {@code study.results}: losses and figures. {@code study.votes}: votes about its
 *       pairs. {@code study.demo}: the tour.
 *   <li>{@code cli}: the command line.
 * </ul>
 *
 * <h2>Words, each for one thing</h2>
 *
 * <dl>
 *   <dt>arm
 *   <dd>one way to shape the training signal: a name and the keys that it changes
 *   <dt>gain, scaling
 *   <dd>a weight for each token's loss; a factor for each block's gradients
 *   <dt>run
 *   <dd>one training, and the folder that it leaves: an arm and a seed of a study make one
 *   <dt>twins
 *   <dd>runs of one seed: equal initial weights, equal data in equal order
 *   <dt>study
 *   <dd>runs under one plan, from registration to report; {@code plan} is its file
 *   <dt>completion
 *   <dd>what one model wrote after one prompt
 *   <dt>comparison
 *   <dd>the question which of two arms' completions readers prefer: a treatment and a control
 *   <dt>pair
 *   <dd>two completions of one prompt that are judged together; a {@code seed pair} is two models
 *   <dt>key
 *   <dd>the sealed file that says which text of a pair is whose (keys of TOML files are dotted)
 *   <dt>judge
 *   <dd>who says which text of a pair is better: a person, a language model, a rule
 *   <dt>vote
 *   <dd>what a judge said of one pair: left, right or the same
 *   <dt>ballot
 *   <dd>a vote in numbers, with the treatment's side known
 *   <dt>judgment
 *   <dd>a vote and its ballot, as reports count them
 *   <dt>finding
 *   <dd>a number that was worked out, or the reason why it could not be
 *   <dt>verdict
 *   <dd>what the registered rule concludes from all judgments
 *   <dt>document
 *   <dd>a title and sections of texts, tables and figures, before it is written as a file
 * </dl>
 */
package dev.tiebreak.trainer;
