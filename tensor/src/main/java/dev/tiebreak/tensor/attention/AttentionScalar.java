package dev.tiebreak.tensor.attention;

import dev.tiebreak.tensor.Contribution;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.Attention.Layout;

/**
 * {@link Attention} as it is defined, one query after the other, in double precision: what to read
 * first, what float64 runs, and what the fast ones are tested against.
 */
final class AttentionScalar {
  private AttentionScalar() {}

  /** Writes y and the log-sum-exp of each row of scores (B, H, T). */
  static void forward(
      Tensor y, Tensor logSumExp, Tensor x, KeysAndValues in, Layout l, int position) {
    l.forHeads(
        x.cpu(),
        l.heads(),
        (b, h) -> {
          int kv = h / l.group();
          for (int t = 0; t < l.length(); t++) {
            double[] p = new double[position + t + 1]; // a query sees the keys up to its own
            for (int s = 0; s < p.length; s++) {
              p[s] = l.scale() * dot(x, l.query(b, h, t), in.keys(), in.key(b, kv, s), l.size());
            }
            double lse = logSumExp(p);
            logSumExp.set(l.row(b, h, t), lse);
            for (int d = 0; d < l.size(); d++) {
              double sum = 0;
              for (int s = 0; s < p.length; s++) {
                sum += Math.exp(p[s] - lse) * in.values().get(in.value(b, kv, s) + d);
              }
              y.set(l.output(b, h, t) + d, sum);
            }
          }
        });
  }

  private static double logSumExp(double[] scores) {
    double max = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      max = Math.max(max, score);
    }
    double sum = 0;
    for (double score : scores) {
      sum += Math.exp(score - max);
    }
    return max + Math.log(sum);
  }

  private static double dot(Tensor a, long startA, Tensor b, long startB, int n) {
    double sum = 0;
    for (int d = 0; d < n; d++) {
      sum += a.get(startA + d) * b.get(startB + d);
    }
    return sum;
  }

  /** Given dy (B, T, H D). */
  static void backward(Contribution dx, Tensor x, Tensor y, Tensor dy, Tensor logSumExp, Layout l) {
    KeysAndValues in = KeysAndValues.packed(x, l);
    int n = l.size();
    l.forHeads(
        x.cpu(),
        l.kvHeads(),
        (b, kv) -> {
          double[] dk = new double[l.length() * n];
          double[] dv = new double[l.length() * n];
          for (int h = kv * l.group(); h < (kv + 1) * l.group(); h++) {
            for (int t = 0; t < l.length(); t++) {
              long q = l.query(b, h, t);
              long o = l.output(b, h, t);
              double delta = dot(dy, o, y, o, n);
              double[] dq = new double[n];
              for (int s = 0; s <= t; s++) {
                long k = in.key(b, kv, s);
                double p = Math.exp(l.scale() * dot(x, q, x, k, n) - logSumExp.get(l.row(b, h, t)));
                double ds = p * (dot(dy, o, x, in.value(b, kv, s), n) - delta) * l.scale();
                for (int d = 0; d < n; d++) {
                  dq[d] += ds * x.get(k + d);
                  dk[s * n + d] += ds * x.get(q + d);
                  dv[s * n + d] += p * dy.get(o + d);
                }
              }
              put(dx, q, dq, 0, n);
            }
          }
          for (int s = 0; s < l.length(); s++) {
            put(dx, in.key(b, kv, s), dk, s * n, n);
            put(dx, in.value(b, kv, s), dv, s * n, n);
          }
        });
  }

  private static void put(Contribution dx, long place, double[] values, int from, int n) {
    for (int d = 0; d < n; d++) {
      dx.put(place + d, values[from + d]);
    }
  }
}
