package dev.tiebreak.trainer.judge;

/**
 * Two texts for one prompt, as they stand in {@code pairs.jsonl}.
 *
 * @param id of the pair
 * @param prompt id of the prompt
 * @param promptText what both texts continue
 * @param left the text that the file has left
 * @param right the text that the file has right
 * @param leftId opaque id of the left text
 * @param rightId opaque id of the right text
 */
public record JudgePair(
    String id,
    String prompt,
    String promptText,
    String left,
    String right,
    String leftId,
    String rightId) {}
