package dev.tiebreak.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * The record of one step: which operations ran, in order, and how to run each backwards.
 *
 * <p>Reverse-mode differentiation is then a walk from the last operation to the first, once. The
 * tape owns the step scope while it is open: results of operations are allocated there, and closing
 * the tape resets it, which frees all that it holds at once. Weights live in another scope.
 *
 * <pre>{@code
 * try (Tape tape = Tape.start(step)) {
 *   Tensor loss = model.loss(tokens, targets);
 *   tape.backward(loss);
 * }
 * }</pre>
 */
public final class Tape implements AutoCloseable {
  private final Scope scope;
  private final boolean recording;
  private final OpTimes times; // null unless they are wanted
  private final List<Tensor> nodes = new ArrayList<>();
  private boolean ranBackward;
  private boolean closed;

  private Tape(Scope scope, boolean recording, OpTimes times) {
    this.scope = scope;
    this.recording = recording;
    this.times = times;
    scope.backend().open(this);
    if (times != null) {
      times.begin();
    }
  }

  /** Opens a tape that records; the scope becomes the place of all results. */
  public static Tape start(Scope step) {
    return new Tape(step, true, null);
  }

  /** Opens a tape that records, and adds to {@code times} how long each operation takes. */
  public static Tape timed(Scope step, OpTimes times) {
    return new Tape(step, true, times);
  }

  /** Opens a tape that records nothing: for evaluation and generation. */
  public static Tape inference(Scope step) {
    return new Tape(step, false, null);
  }

  /** The scope in which results are allocated. */
  public Scope scope() {
    return scope;
  }

  /** Whether operations are recorded for a backward pass. */
  public boolean isRecording() {
    return recording;
  }

  /** The number of operations recorded so far. */
  public int length() {
    return nodes.size();
  }

  void add(Tensor node) {
    nodes.add(node);
    if (times != null) {
      times.end(node.operation(), false);
    }
  }

  /**
   * Adds d(loss)/d(x) to the gradient of every tensor x that requires one. Once on each tape.
   *
   * <p>What an operation computed, and its gradient, is given back as soon as its backward has run,
   * so that earlier ones can have the memory: a backward pass needs little more than the forward
   * pass left. Using it afterwards is an error. Weights' gradients, what the pass started from, and
   * results of less than 64 KiB stay.
   *
   * @param loss a scalar
   */
  public void backward(Tensor loss) {
    if (loss.size() != 1) {
      throw new IllegalArgumentException(
          "backward starts from a scalar, got shape " + loss.shape() + "; take mean() or sum()");
    }
    Tensor one = scope.allocate(loss.dtype(), loss.shape());
    one.set(0, 1.0);
    backward(loss, one);
  }

  /**
   * Adds the vector-Jacobian product to the gradient of every tensor that requires one. Once on
   * each tape.
   *
   * @param output any recorded tensor
   * @param gradient the gradient of the objective with respect to {@code output}, same shape
   */
  public void backward(Tensor output, Tensor gradient) {
    if (!recording) {
      throw new IllegalStateException("this tape records nothing: open it with Tape.start");
    }
    if (!output.requiresGradient()) {
      throw new IllegalArgumentException(
          "nothing to differentiate: no tensor that requires a gradient leads to this output");
    }
    if (!output.shape().equals(gradient.shape())) {
      throw new IllegalArgumentException(
          "gradient has shape " + gradient.shape() + ", output has " + output.shape());
    }
    if (ranBackward) {
      throw new IllegalStateException(
          "backward ran on this tape before: add the objectives up, or open a tape for each");
    }
    ranBackward = true;
    if (output.startGradient()) { // a weight with earlier contributions
      for (long i = 0; i < output.size(); i++) {
        output.gradient().put(i, gradient.get(i), true);
      }
    } else {
      output.gradient().copyFrom(gradient);
    }
    if (times != null) {
      times.begin();
    }
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Tensor node = nodes.get(i);
      node.runBackward();
      if (times != null) {
        times.end(node.operation(), true);
      }
      if (node != output) {
        node.giveBackAfterBackward();
      }
    }
  }

  /** Ends the step: forgets the record and frees every tensor allocated since the start. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      nodes.clear();
      scope.reset();
      scope.backend().release(this);
    }
  }
}
