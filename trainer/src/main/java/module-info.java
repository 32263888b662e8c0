/** What a user runs: data, tokenizers, training, generation, the command line. */
module dev.tiebreak.trainer {
  requires com.fasterxml.jackson.annotation;
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
  requires org.apache.commons.rng.api;
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

  // Records that are read from files, see base.Artifact and base.JsonLines.
  opens dev.tiebreak.trainer.ballot.pairs to
      tools.jackson.databind;
  opens dev.tiebreak.trainer.judge to
      tools.jackson.databind;
  opens dev.tiebreak.trainer.judge.llm to
      tools.jackson.databind;
  opens dev.tiebreak.trainer.lab.checkpoint to
      tools.jackson.databind;
  opens dev.tiebreak.trainer.lab.tokenizer to
      tools.jackson.databind;
  opens dev.tiebreak.trainer.study to
      tools.jackson.databind;
  opens dev.tiebreak.trainer.study.demo to
      tools.jackson.databind;

  exports dev.tiebreak.trainer.ballot;
  exports dev.tiebreak.trainer.ballot.pairs;
  exports dev.tiebreak.trainer.ballot.protocol;
  exports dev.tiebreak.trainer.base;
  exports dev.tiebreak.trainer.base.toml;
  exports dev.tiebreak.trainer.evidence.document;
  exports dev.tiebreak.trainer.evidence.report;
  exports dev.tiebreak.trainer.evidence.statistics;
  exports dev.tiebreak.trainer.evidence.statistics.paired;
  exports dev.tiebreak.trainer.evidence.statistics.power;
  exports dev.tiebreak.trainer.evidence.statistics.votes;
  exports dev.tiebreak.trainer.judge;
  exports dev.tiebreak.trainer.judge.llm;
  exports dev.tiebreak.trainer.judge.scripted;
  exports dev.tiebreak.trainer.lab.bench;
  exports dev.tiebreak.trainer.lab.checkpoint;
  exports dev.tiebreak.trainer.lab.config;
  exports dev.tiebreak.trainer.lab.data;
  exports dev.tiebreak.trainer.lab.device;
  exports dev.tiebreak.trainer.lab.estimate;
  exports dev.tiebreak.trainer.lab.examine;
  exports dev.tiebreak.trainer.lab.generate;
  exports dev.tiebreak.trainer.lab.review;
  exports dev.tiebreak.trainer.lab.tokenizer;
  exports dev.tiebreak.trainer.lab.train;
  exports dev.tiebreak.trainer.study;
  exports dev.tiebreak.trainer.study.pairs;
  exports dev.tiebreak.trainer.study.votes;
}
