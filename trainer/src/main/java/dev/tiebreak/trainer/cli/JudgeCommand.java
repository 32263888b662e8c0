package dev.tiebreak.trainer.cli;

import picocli.CommandLine.Command;

/** {@code tiebreak judge}: the parent of the commands that collect judgments. */
@Command(
    name = "judge",
    header = "Blind judgments of pairs: by people, by models, by rules, from tables.",
    description = {
      "Judges see the pairs of pairs.jsonl, of a study or of any other program, and never whose text"
          + " is whose. People's votes are collected beside it in judge.db, others in votes.jsonl."
    },
    subcommands = {
      JudgeServeCommand.class,
      JudgeInviteCommand.class,
      JudgeStatusCommand.class,
      JudgeLlmCommand.class,
      JudgeScriptedCommand.class,
      JudgeImportCommand.class,
      JudgeExportCommand.class
    },
    footer = {
      "  tiebreak judge serve my-study                                  a page for people",
      "  tiebreak judge invite my-study --count 30                      links to it",
      "  tiebreak judge llm my-study --panel panel.toml --budget 5.00   ask language models",
      "  tiebreak judge scripted my-study --kind coin --judges 12       judges that are rules",
      "  tiebreak judge import my-study others.csv                      votes from elsewhere",
      "  tiebreak judge export my-study --key key.jsonl --out votes.csv arms in place of ids"
    })
final class JudgeCommand extends Action.Group {}
