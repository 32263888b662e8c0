/** C functions, checked. Knows no tensors. The generated {@code raw} packages stay inside. */
module dev.tiebreak.bindings {
  exports dev.tiebreak.bindings;
  exports dev.tiebreak.bindings.cuda;
}
