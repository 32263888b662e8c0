/** Tensors, the autodiff tape, ops, backends and memory. Knows no layers. */
module dev.tiebreak.tensor {
  requires transitive dev.tiebreak.bindings;
  requires jdk.incubator.vector;
  requires org.apache.commons.numbers.gamma;

  exports dev.tiebreak.tensor;
  exports dev.tiebreak.tensor.attention;
  exports dev.tiebreak.tensor.cuda;
}
