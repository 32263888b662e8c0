/** Tensors, the autodiff tape, ops, backends and memory. Knows no layers. */
module dev.tiebreak.tensor {
  requires dev.tiebreak.bindings;
  requires jdk.incubator.vector;

  exports dev.tiebreak.tensor;
}
