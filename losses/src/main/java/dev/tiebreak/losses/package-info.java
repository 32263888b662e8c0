/**
 * What the study is about: two ways to shape the training signal, and nothing else.
 *
 * <p><b>Token gain.</b> Let l be a token's cross-entropy in nats, m and v the mean and population
 * variance of l over the batch, and s a strength in nats. The precision gain is the weight
 *
 * <pre>  w = 1 + s (l - m) / (v + eps),   detached;   shaped loss = mean(w l)</pre>
 *
 * <p>Three facts, each a test of this module:
 *
 * <ol>
 *   <li>With eps = 0 and no clamp, mean(w) = 1 and <b>mean(w l) = mean(l) + s exactly</b>: mean((l
 *       - m) l) = v. So the shaped loss is the plain one plus a constant, and curves must show the
 *       plain one.
 *   <li>Because w is detached, the gradient of mean(w l) <b>equals that of mean(l) + (s/2) log
 *       var(l)</b> : d/dl_i of (s/2) log v is s (l_i - m) / (n v), which is what w adds to 1/n. The
 *       gain is a penalty on the logarithm of the variance; it is unbounded below, hence the floor
 *       and the clamp.
 *   <li><b>Adam cancels a constant factor on a layer's gradient</b>: m and sqrt(v) scale alike and
 *       their ratio stays, up to eps. A layer scaling therefore acts only through its jitter from
 *       step to step and through the global-norm clip, unless its target is the update.
 * </ol>
 *
 * <p>A weight is negative where l is below m - v/s, which needs s above v/m. At initialisation v is
 * tiny (about 0.06 for a fresh model), so s must warm up, or v needs a floor, or w a clamp. A clamp
 * moves the mean; renormalising divides by it again. Both means are logged.
 *
 * <p><b>Layer scaling.</b> A block with input x and output y has divergence d = ||y - x|| / ||x||
 * (Frobenius norms over the micro-batch, averaged over the micro-batches of a step). Its factor is
 * f = min(d / mean(d), cap). The factor multiplies the gradients of the block's weights (target
 * {@code gradient}) or their updates (target {@code update}). It is applied by hooks once per step,
 * after the last micro-batch and before the clip: scale, then clip. Other measures can take the
 * place of d, and two placebos the place of f, see {@link dev.tiebreak.losses.BlockScaling}.
 *
 * <p>The model knows nothing of this module; it lets observers look at its blocks and runs hooks on
 * its gradients. Not here: the training loop, logging, statistics of the study.
 */
package dev.tiebreak.losses;
