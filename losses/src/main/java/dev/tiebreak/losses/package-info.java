/**
 * What the study is about: two ways to shape the training signal, and nothing else.
 *
 * <p><b>Token gain.</b> Let l be a token's cross-entropy in nats, m and v the mean and population
 * variance of l over the batch, and s a strength in nats. (The batch is the micro-batch or, with
 * the scope of a step, all micro-batches of a step: they then run forwards twice, and how a step is
 * divided changes rounding only.) The precision gain is the weight
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
 * <p><b>What it is compared with.</b> A gain is a {@link dev.tiebreak.losses.formula.Formula}, data
 * and no code: the weight w of a token, of its loss l, of p = e^-l, of the moments m, v and sigma =
 * sqrt(v), of the entropy H of the predicted distribution q and the variance V of -log q under it,
 * of the mean u of -log q over the vocabulary and of a reference model's loss r. {@link
 * dev.tiebreak.losses.TokenGain} works w out, clamps it, divides it by its mean and warms s up, as
 * {@link dev.tiebreak.losses.GainSettings} say, and leaves ignored tokens out of it all. An
 * objective is a formula, too, and takes the place of l. A gain of one's own is a table in a
 * study's plan; one for all is a table in the catalogue of arms, a row here and a case in the
 * golden file.
 *
 * <table>
 * <caption>Token gains</caption>
 * <tr><th>gain</th><th>w, or the loss</th><th>its gradient is that of</th><th>source</th></tr>
 * <tr><td>precision</td><td>1 + s (l - m) / v</td><td>m + (s / 2) log v</td><td>the study</td></tr>
 * <tr><td>z</td><td>1 + s (l - m) / sigma</td><td>m + s sigma</td><td>ours</td></tr>
 * <tr><td>linear</td><td>1 + s (l - m)</td><td>m + (s / 2) v</td><td>2109.06141</td></tr>
 * <tr><td>term</td><td>e^(s l) / mean</td><td>log mean(e^(s l)) / s</td><td>2007.01162</td></tr>
 * <tr><td>power</td><td>l^s / mean</td><td></td><td>ours</td></tr>
 * <tr><td>sigmoid</td><td>2 / (1 + e^(-s (l - m) / sigma))</td><td></td><td>the study</td></tr>
 * <tr><td>focal</td><td>(1 - p)^s</td><td></td><td>1708.02002</td></tr>
 * <tr><td>mile</td><td>(1 + H)^s</td><td></td><td>2310.19531</td></tr>
 * <tr><td>excess surprisal</td><td>1 + s (l - H) / V</td><td></td><td>ours</td></tr>
 * <tr><td>dft</td><td>p</td><td>-mean(p)</td><td>2508.05629</td></tr>
 * <tr><td>top-k</td><td>1 / s for the share s of largest l</td><td></td><td>1604.03540</td></tr>
 * <tr><td>rho</td><td>the same by l - r</td><td></td><td>2404.07965</td></tr>
 * <tr><td>constant</td><td>s</td><td>s m</td><td>ours</td></tr>
 * <tr><td>label smoothing</td><td>(1 - s) l + s u</td><td>itself</td><td>1512.00567</td></tr>
 * <tr><td>confidence penalty</td><td>l - s H</td><td>itself</td><td>1701.06548</td></tr>
 * <tr><td>shuffled</td><td>any w, dealt at random</td><td>m, on average</td><td>ours</td></tr>
 * </table>
 *
 * <p>(Numbers are arXiv's.) With its full gradient, through w, the focal loss is as published; the
 * precision gain's is the baseline's, as mean(w l) is m + s. Those of mean 1 keep the size of the
 * gradient; the mean of sigmoid, focal, dft and mile drifts in training unless they are
 * renormalised. The first three and term make the model's predictions flatter, dft sharper; label
 * smoothing and confidence penalty flatten without looking at surprise, and the shuffled gain has
 * the same weights without their meaning: each is a control for one explanation.
 *
 * <p><b>Layer scaling.</b> A block with input x and output y has divergence d = ||y - x|| / ||x||
 * (Frobenius norms over the micro-batch, averaged over the micro-batches of a step). Its factor is
 * f = min(c d, cap), with the c that makes the mean of f 1. The factor multiplies the gradients of
 * the block's weights (target {@code gradient}) or their updates (target {@code update}). It is
 * applied once per step, after the last micro-batch and before the clip unless that is set to come
 * first. Other measures can take the place of d, and two placebos the place of f, see {@link
 * dev.tiebreak.losses.ScalingSettings}.
 *
 * <p>{@link dev.tiebreak.losses.Shaping} attaches both to a model, which knows nothing of this
 * module: it lets observers look at its blocks and says when its gradients are complete. Not here:
 * the training loop, logging, statistics of the study.
 */
package dev.tiebreak.losses;
