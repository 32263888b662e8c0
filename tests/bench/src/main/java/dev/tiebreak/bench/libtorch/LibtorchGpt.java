package dev.tiebreak.bench.libtorch;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.embedding;
import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.layer_norm;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.randn;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;
import static org.bytedeco.pytorch.global.torch.zeros;

import dev.tiebreak.nn.GptConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * GPT-2 (Radford et al., 2019) written plainly on libtorch: random float32 weights, a tied head.
 *
 * <p>B sequences of T tokens, C channels, H heads, V vocabulary. Native memory is given back when
 * the {@link PointerScope} around a call closes; inside, each block gives back its own temporaries,
 * as variables that go out of scope do in C++.
 */
final class LibtorchGpt {
  private static final double INITIAL_DEVIATION = 0.02; // as GPT-2's

  private final GptConfig config;
  private final List<Tensor> parameters = new ArrayList<>();
  private final Tensor tokenEmbedding; // (V, C), also the head
  private final Tensor positionEmbedding; // (T, C)
  private final List<Block> blocks = new ArrayList<>();
  private final Affine finalNorm; // (C), (C)

  /** A weight and a bias, as the functions of libtorch take them. */
  private record Affine(Tensor weight, TensorOptional weightOptional, TensorOptional bias) {}

  /** The weights of one block: (C), (3C, C), (C, C), (C), (hidden, C), (C, hidden). */
  private record Block(
      Affine norm1, Affine qkv, Affine projection, Affine norm2, Affine up, Affine down) {}

  /** The keys and values (1, H, T, D) of one layer. */
  record KvCache(Tensor keys, Tensor values) {}

  /** Random weights from libtorch's generator, which the caller has seeded. */
  LibtorchGpt(GptConfig config) {
    this.config = config;
    int c = config.channels();
    tokenEmbedding = matrix(config.vocabulary(), c);
    positionEmbedding = matrix(config.sequenceLength(), c);
    for (int i = 0; i < config.layers(); i++) {
      blocks.add(
          new Block(
              norm(),
              affine(3 * c, c),
              affine(c, c),
              norm(),
              affine(config.hidden(), c),
              affine(c, config.hidden())));
    }
    finalNorm = norm();
  }

  private Tensor parameter(Tensor initial) {
    initial.set_requires_grad(true);
    parameters.add(initial);
    return initial;
  }

  private Tensor matrix(long rows, long columns) {
    return parameter(randn(rows, columns).mul_(new Scalar(INITIAL_DEVIATION)));
  }

  private Affine affine(long out, long in) {
    Tensor weight = matrix(out, in);
    return new Affine(
        weight, new TensorOptional(weight), new TensorOptional(parameter(zeros(out))));
  }

  private Affine norm() {
    Tensor weight = parameter(zeros(config.channels()).add(new Scalar(1)));
    Tensor bias = parameter(zeros(config.channels()));
    return new Affine(weight, new TensorOptional(weight), new TensorOptional(bias));
  }

  /** All weights, each once. */
  List<Tensor> parameters() {
    return parameters;
  }

  /** Mean cross-entropy in nats, a scalar, of tokens (B, T) and targets (B, T), both int64. */
  Tensor loss(Tensor tokens, Tensor targets) {
    Tensor logits =
        kept(() -> {
          Tensor x = embedding(tokenEmbedding, tokens).add(positionEmbedding); // (B, T, C)
          return head(blocks(x, LibtorchGpt::causal));
        });
    Tensor loss =
        kept(() -> cross_entropy_loss(logits.view(-1, config.vocabulary()), targets.view(-1)));
    logits.close();
    return loss;
  }

  /** Empty caches, one a layer. */
  List<KvCache> newCaches() {
    long[] shape = {1, config.heads(), config.sequenceLength(), config.headSize()};
    List<KvCache> caches = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      caches.add(new KvCache(zeros(shape), zeros(shape)));
    }
    return caches;
  }

  /** Logits (1, 1, V) after the last of the tokens (1, t), the first of which is at a position. */
  Tensor nextLogits(Tensor tokens, long position, List<KvCache> caches) {
    long length = tokens.size(1);
    return kept(() -> {
      Tensor positions = positionEmbedding.narrow(0, position, length);
      Tensor x = embedding(tokenEmbedding, tokens).add(positions);
      x = blocks(x, (layer, qkv) -> cached(caches.get(layer), position, qkv));
      return head(x.narrow(1, length - 1, 1));
    });
  }

  /** Attends: queries, keys and values (B, H, T, D) of a layer give (B, H, T, D). */
  private interface Attention {
    Tensor attend(int layer, Tensor[] qkv);
  }

  private static Tensor causal(int layer, Tensor[] qkv) {
    return attention(qkv[0], qkv[1], qkv[2], true);
  }

  /** Puts new keys and values behind the cached ones; new queries see all of them. */
  private static Tensor cached(KvCache cache, long position, Tensor[] qkv) {
    long length = qkv[0].size(2);
    if (length > 1 && position > 0) {
      throw new IllegalArgumentException("several tokens at once only at the beginning");
    }
    cache.keys.narrow(2, position, length).copy_(qkv[1]);
    cache.values.narrow(2, position, length).copy_(qkv[2]);
    Tensor keys = cache.keys.narrow(2, 0, position + length);
    Tensor values = cache.values.narrow(2, 0, position + length);
    return attention(qkv[0], keys, values, length > 1);
  }

  private static Tensor attention(Tensor q, Tensor k, Tensor v, boolean causal) {
    return scaled_dot_product_attention(
        q, k, v, new TensorOptional(), 0, causal, new DoubleOptional(), false);
  }

  private Tensor blocks(Tensor embedded, Attention attention) {
    Tensor x = embedded;
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      int layer = i;
      x = replaced(x, r -> r.add(attend(block, normed(block.norm1, r), layer, attention)));
      x = replaced(x, r -> r.add(feedForward(block, normed(block.norm2, r))));
    }
    return x;
  }

  private Tensor attend(Block block, Tensor x, int layer, Attention attention) {
    long b = x.size(0);
    long t = x.size(1);
    Tensor packed = linear(x, block.qkv.weight, block.qkv.bias);
    Tensor[] qkv = packed.split(config.channels(), 2).get(); // 3 x (B, T, C)
    for (int i = 0; i < qkv.length; i++) {
      qkv[i] = qkv[i].view(b, t, config.heads(), config.headSize()).transpose(1, 2);
    }
    Tensor heads = attention.attend(layer, qkv);
    Tensor joined = heads.transpose(1, 2).reshape(b, t, config.channels());
    return linear(joined, block.projection.weight, block.projection.bias);
  }

  private static Tensor feedForward(Block block, Tensor x) {
    Tensor hidden = gelu(linear(x, block.up.weight, block.up.bias), "tanh");
    return linear(hidden, block.down.weight, block.down.bias);
  }

  private Tensor normed(Affine norm, Tensor x) {
    long[] shape = {config.channels()};
    return layer_norm(x, shape, norm.weightOptional, norm.bias, config.normEpsilon(), false);
  }

  private Tensor head(Tensor x) {
    return linear(normed(finalNorm, x), tokenEmbedding);
  }

  /** What a function makes of x; its temporaries and x itself are given back. */
  private static Tensor replaced(Tensor x, UnaryOperator<Tensor> function) {
    Tensor result = kept(() -> function.apply(x));
    x.close();
    return result;
  }

  private interface Expression {
    Tensor value();
  }

  /** The value of an expression, in the scope around this one; temporaries are given back. */
  private static Tensor kept(Expression expression) {
    PointerScope outer = PointerScope.getInnerScope();
    try (PointerScope _ = new PointerScope()) {
      Tensor result = expression.value();
      outer.attach(result);
      return result;
    }
  }

  /** As {@code zero_grad(set_to_none=True)}: the next backward pass brings its own memory. */
  void forgetGradients() {
    for (Tensor weight : parameters) {
      weight.mutable_grad().reset();
    }
  }

  /** All weights, for functions of libtorch that take them together. */
  TensorVector parameterVector() {
    return new TensorVector(parameters.toArray(Tensor[]::new));
  }

  /** Random tokens (B, T), int64. */
  Tensor randomTokens(long batch, long length) {
    return torch.randint(
        config.vocabulary(), new long[] {batch, length}, new TensorOptions(torch.ScalarType.Long));
  }
}
