package dev.tiebreak.bench.loops;

import dev.tiebreak.tensor.DType;
import dev.tiebreak.bindings.Matmul;
import dev.tiebreak.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** The three products of a linear layer y = x W^T, for each layer of a block; no bias. */
public class MatrixProduct extends Loop {
  /** A linear layer of a block. */
  public enum Layer {
    /** C to 3C. */
    QKV,
    /** C to C. */
    PROJECTION,
    /** C to 4C. */
    UP,
    /** 4C to C. */
    DOWN
  }

  /** What is measured. */
  @Param public Layer layer;

  private Inputs inputs;
  private int rows;
  private int to;
  private int from;
  private Tensor x; // (rows, from)
  private Tensor weight; // (to, from)
  private Tensor y; // (rows, to)

  /** Makes the matrices. */
  @Setup
  public void start() {
    inputs = new Inputs();
    rows = inputs.shape.tokens();
    int c = inputs.model.channels();
    to =
        switch (layer) {
          case QKV -> inputs.model.qkvWidth();
          case PROJECTION, DOWN -> c;
          case UP -> inputs.model.hidden();
        };
    from = layer == Layer.DOWN ? inputs.model.hidden() : c;
    x = inputs.values(rows, from);
    weight = inputs.values(to, from);
    y = inputs.values(rows, to);
  }

  /** y = x W^T. */
  @Benchmark
  public void forward() {
    multiply(Matmul.dense(false, true, rows, to, from, 0), x, weight, y);
  }

  /** dx = dy W. */
  @Benchmark
  public void inputGradient() {
    multiply(Matmul.dense(false, false, rows, from, to, 0), y, weight, x);
  }

  /** dW = dy^T x. */
  @Benchmark
  public void weightGradient() {
    multiply(Matmul.dense(true, false, to, from, rows, 0), y, x, weight);
  }

  private void multiply(Matmul product, Tensor a, Tensor b, Tensor c) {
    inputs.cpu.matmul(product, a.data(), b.data(), c.data(), DType.F32);
  }

  /** Gives memory and threads back. */
  @TearDown
  public void end() {
    inputs.close();
  }
}
