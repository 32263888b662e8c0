/** What a user runs: data, tokenizers, training, generation, the command line. */
module dev.tiebreak.trainer {
  requires transitive dev.tiebreak.losses;
  requires dev.tiebreak.bindings;
  requires de.siegmar.fastcsv;
  requires java.logging;
  requires java.net.http; // asks models for verdicts
  requires java.sql;
  requires jdk.unsupported; // signals
  requires jtokkit;
  requires transitive info.picocli;
  requires it.unimi.dsi.fastutil.core;
  requires org.apache.commons.statistics.distribution;
  requires org.apache.commons.statistics.inference;
  requires org.apache.commons.statistics.interval;
  requires org.eclipse.jetty.server;
  requires org.xerial.sqlitejdbc;
  requires transitive tools.jackson.databind; // the tables of arms
  requires tools.jackson.dataformat.toml;

  exports dev.tiebreak.trainer.cli;

  opens dev.tiebreak.trainer.cli to
      info.picocli;

  exports dev.tiebreak.trainer;
  exports dev.tiebreak.trainer.checkpoint;
  exports dev.tiebreak.trainer.config;
  exports dev.tiebreak.trainer.data;
  exports dev.tiebreak.trainer.device;
  exports dev.tiebreak.trainer.estimate;
  exports dev.tiebreak.trainer.examine;
  exports dev.tiebreak.trainer.judge;
  exports dev.tiebreak.trainer.judge.llm;
  exports dev.tiebreak.trainer.judge.scripted;
  exports dev.tiebreak.trainer.report;
  exports dev.tiebreak.trainer.statistics;
  exports dev.tiebreak.trainer.study;
  exports dev.tiebreak.trainer.study.pairs;
  exports dev.tiebreak.trainer.tokenizer;
  exports dev.tiebreak.trainer.train;
  exports dev.tiebreak.trainer.votes;
}
