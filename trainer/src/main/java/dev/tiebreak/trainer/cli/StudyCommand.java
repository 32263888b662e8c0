package dev.tiebreak.trainer.cli;

import picocli.CommandLine.Command;

/** {@code tiebreak study}: the parent of the commands that make a study, in their usual order. */
@Command(
    name = "study",
    header = "Arms x seeds by a registered plan: trained, verified, compared.",
    description = {
      "A study is a folder with a plan, study.toml: arms, seeds, prompts, what judges compare, how"
          + " it is analysed. The commands below take it from an idea to its results, in this order."
    },
    subcommands = {
      StudyInitCommand.class,
      StudyCheckCommand.class,
      StudyPowerCommand.class,
      StudyPreregisterCommand.class,
      StudyRunCommand.class,
      StudyVerifyCommand.class,
      StudyExportCommand.class,
      StudyPairsCommand.class,
      StudyLossesCommand.class,
      StudySummaryCommand.class
    },
    footer = {
      "  tiebreak study init my-study             a plan with comments, and prompts",
      "  tiebreak study check my-study            runs, hours, memory, judges, power",
      "  tiebreak study power my-study            what its votes could show, by simulation",
      "  tiebreak study preregister my-study      fix the plan by its hashes",
      "  tiebreak study run my-study              train everything; again to go on",
      "  tiebreak study verify my-study           are the twins twins, and is all as registered?",
      "  tiebreak study pairs my-study            what the models write, blind, for judges",
      "  tiebreak study losses my-study           do the arms' losses tie with the baseline's?",
      "  tiebreak study summary my-study          everything on one page, with figures"
    })
final class StudyCommand extends Action.Group {}
