package dev.tiebreak.tests.golden;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.Rotation;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.Attention;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * Every case of {@code ops.safetensors} on every engine: output and the gradients of all inputs.
 */
class OpGoldenTest {
  private static final GoldenFile FILE = GoldenFile.read("ops");
  private static final JsonNode PARAMETERS = FILE.metadata("parameters");
  private static final int POSITIONS = 12; // rows of the rotary tables: start 5, 7 positions

  @TestFactory
  List<DynamicTest> everyCaseOnEveryEngine() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Engine engine : Engine.values()) {
      for (String name : FILE.cases()) {
        String title = name + " " + engine;
        tests.add(DynamicTest.dynamicTest(title, () -> new Case(name, engine).check()));
      }
    }
    return tests;
  }

  /** One case on one engine. */
  private static final class Case {
    private final String name;
    private final Engine engine;
    private final JsonNode parameters;
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();
    private Scope scope;

    Case(String name, Engine engine) {
      this.name = name;
      this.engine = engine;
      this.parameters = PARAMETERS.path(name);
    }

    void check() {
      try (CpuBackend cpu = engine.open();
          Scope kept = cpu.newScope("kept");
          Scope step = cpu.newScope("step")) {
        scope = kept;
        Deviations deviations = new Deviations();
        try (Tape tape = Tape.start(step)) {
          Tensor y = compute();
          tape.backward(y, FILE.tensor(name + "/dy", engine.type, step));
          deviations.add("y", y.toDoubles(), FILE.values(name + "/y"));
        }
        for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
          String gradient = "d" + input.getKey();
          if (FILE.has(name + "/" + gradient)) {
            double[] actual = input.getValue().gradient().toDoubles();
            deviations.add(gradient, actual, FILE.values(name + "/" + gradient), terms());
          }
        }
        deviations.assertAtMost(engine.tolerance());
      }
    }

    /**
     * Where softmax is all but one-hot, dx = y (dy - y dy) cancels to a hundred-thousandth of dy:
     * rounding is of the size of dy.
     */
    private double terms() {
      double[] dy = FILE.values(name + "/dy");
      return name.equals("softmax_extremes")
          ? Arrays.stream(dy).map(Math::abs).max().getAsDouble()
          : 0;
    }

    /** An input whose gradient is compared if the file has one. */
    private Tensor in(String input) {
      Tensor tensor = FILE.tensor(name + "/" + input, engine.type, scope);
      if (FILE.has(name + "/d" + input)) {
        tensor.requireGradient();
      }
      inputs.put(input, tensor);
      return tensor;
    }

    private int integer(String parameter) {
      return parameters.get(parameter).asInt();
    }

    private double number(String parameter) {
      return parameters.get(parameter).asDouble();
    }

    private Tensor compute() {
      return switch (name.replaceAll("_(extremes|mha|gqa|mqa)", "").replace("_start_5", "")) {
        case "add_matrix", "add_vector" -> in("x").add(in("b"));
        case "attention" -> Attention.causal(in("qkv"), integer("heads"), integer("kv_heads"));
        case "clamp" -> in("x").clamp(number("low"), number("high"));
        case "cross_entropy" -> in("logits").crossEntropy(in("targets"));
        case "embedding" -> in("weight").embedding(in("tokens"));
        case "exp" -> in("x").exp();
        case "gelu_erf" -> in("x").geluErf();
        case "gelu_tanh" -> in("x").gelu();
        case "l2_norm" -> in("x").norm();
        case "l2_norm_last" -> in("x").power(2).sumLast().power(0.5);
        case "layer_norm" -> in("x").layerNorm(in("weight"), in("bias"), number("epsilon"));
        case "layer_norm_no_bias" -> in("x").layerNorm(in("weight"), null, number("epsilon"));
        case "linear" -> in("x").linear(in("weight"), in("bias"));
        case "linear_no_bias" -> in("x").linear(in("weight"), null);
        case "log" -> in("x").log();
        case "matmul" -> in("a").matmul(in("b"));
        case "mean" -> mean(in("x"));
        case "mul_matrix", "mul_vector" -> in("x").mul(in("b"));
        case "rms_norm" -> in("x").rmsNorm(in("weight"), number("epsilon"));
        case "rope" -> rope(in("qkv"));
        case "silu" -> in("x").silu();
        case "softmax" -> in("x").softmax();
        case "sum" -> in("x").sumLast();
        case "swiglu" -> in("x").swiGlu();
        case "var" -> variance(in("x"));
        default -> throw new IllegalArgumentException("no operation for the case " + name);
      };
    }

    private Tensor mean(Tensor x) {
      return x.sumLast().scale(1.0 / x.dim(-1));
    }

    /** Of each row; its mean is taken off by a product with I - 1/n. */
    private Tensor variance(Tensor x) {
      int n = x.dim(-1);
      double[] centring = new double[n * n];
      Arrays.setAll(centring, i -> (i % (n + 1) == 0 ? 1 : 0) - 1.0 / n);
      return mean(x.linear(scope.of(engine.type, centring, n, n), null).power(2));
    }

    private Tensor rope(Tensor qkv) {
      int rotated = integer("heads") + integer("kv_heads");
      int headSize = qkv.dim(-1) / (rotated + integer("kv_heads"));
      Rotation rotation = Rotation.of(scope, engine.type, POSITIONS, headSize, number("theta"));
      return qkv.rope(rotation, rotated, integer("start"));
    }
  }
}
