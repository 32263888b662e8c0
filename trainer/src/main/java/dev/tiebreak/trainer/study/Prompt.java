package dev.tiebreak.trainer.study;

/**
 * The beginning of a text that every model of a study continues.
 *
 * @param id names it in every file, unique in its study
 * @param kind what sort of text it begins, in the author's own words: {@code story}, {@code list}
 * @param text to continue, as it is
 */
public record Prompt(String id, String kind, String text) {}
