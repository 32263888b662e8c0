/** C functions, checked. Knows no tensors. */
module dev.tiebreak.bindings {}
