"""golden/gains.safetensors: every token gain and objective of the study, on small random inputs.

l is the plain cross-entropy of a token, p = exp(-l), H the entropy of its predicted distribution q;
m, v and sigma are mean, population variance and its root over the tokens that count. The weight of
a token, a constant in the backward pass, is

    precision         1 + s (l - m) / (max(v, floor) + epsilon)
    z                 1 + s (l - m) / (max(sigma, sqrt(floor)) + epsilon)
    linear            1 + s (l - m)
    term              exp(s l) / mean(exp(s l))
    power             l^s / mean(l^s)
    sigmoid           2 / (1 + exp(-s (l - m) / (max(sigma, sqrt(floor)) + epsilon)))
    focal             (1 - p)^s
    mile              (1 + H)^s
    excess_surprisal  1 + s (l - H) / (max(variance of -log q under q, floor) + epsilon)
    dft               p
    top_k             n / k for the k largest l, else 0, where k = max(1, round(s n))
    constant          s

then clamped, then divided by its mean, if set; the loss is mean(w l). `focal_loss` is focal with w
differentiated too. label_smoothing has the loss mean((1 - s) l + s u), u the mean of -log q over the
vocabulary; confidence_penalty mean(l - s H).

Every case stores, under its name: logits (B, T, V), targets (B, T), w (B, T), loss and
dlogits. Where a token is ignored, w stands as 0.
"""

import json

import numpy as np
import torch

import ops
from losses import assert_close
from op_cases import generator, normal

CASES = {
    # name: settings; "ignored" tokens at the front do not count
    "precision": dict(kind="precision", s=0.7),
    "precision_ignored": dict(kind="precision", s=0.7, ignored=4),
    "z": dict(kind="z", s=0.7),
    "z_floor": dict(kind="z", s=0.7, floor=30.0, epsilon=0.1),
    "linear": dict(kind="linear", s=0.3),
    "linear_clamp": dict(kind="linear", s=0.3, clamp=(0.2, 1.5), renormalise=True),
    "term": dict(kind="term", s=0.5),
    "term_ignored": dict(kind="term", s=0.5, ignored=4),
    "term_steep": dict(kind="term", s=40.0),
    "term_negative": dict(kind="term", s=-0.5),
    "power": dict(kind="power", s=0.25),
    "power_ignored": dict(kind="power", s=2.0, ignored=4),
    "sigmoid": dict(kind="sigmoid", s=1.5),
    "sigmoid_renormalise": dict(kind="sigmoid", s=1.5, epsilon=0.01, renormalise=True),
    "focal": dict(kind="focal", s=2.0),
    "focal_renormalise": dict(kind="focal", s=0.5, renormalise=True, ignored=4),
    "focal_loss": dict(kind="focal_loss", s=2.0),
    "focal_loss_renormalise": dict(kind="focal_loss", s=0.5, renormalise=True, ignored=4),
    "mile": dict(kind="mile", s=1.0, renormalise=True),
    "mile_ignored": dict(kind="mile", s=0.5, ignored=4),
    "excess_surprisal": dict(kind="excess_surprisal", s=0.5),
    "excess_surprisal_floor": dict(kind="excess_surprisal", s=0.5, floor=4.0, epsilon=0.2),
    "dft": dict(kind="dft", s=1.0),
    "dft_renormalise": dict(kind="dft", s=1.0, renormalise=True),
    "top_k": dict(kind="top_k", s=0.3),
    "top_k_ignored": dict(kind="top_k", s=0.3, ignored=4),
    "constant": dict(kind="constant", s=1.1),
    "label_smoothing": dict(kind="label_smoothing", s=0.1),
    "label_smoothing_ignored": dict(kind="label_smoothing", s=0.1, ignored=4),
    "confidence_penalty": dict(kind="confidence_penalty", s=0.2),
    "confidence_penalty_ignored": dict(kind="confidence_penalty", s=0.2, ignored=4),
}
OBJECTIVES = ("label_smoothing", "confidence_penalty")


def top(x, share):
    """n / k for the k largest, the first of equal ones, 0 for the others."""
    n = len(x)
    k = max(1, int(np.floor(share * n + 0.5)))
    chosen = torch.sort(x, descending=True, stable=True).indices[:k]
    w = torch.zeros_like(x)
    w[chosen] = n / k
    return w


def weights(kind, l, log_q, s, epsilon, floor):
    """l (n) and log_q (n, V) of the tokens that count -> w (n) before the clamp."""
    centred = l - l.mean()
    variance = (centred**2).mean()
    sigma = variance.clamp(min=floor).sqrt() + epsilon
    q = log_q.exp()
    entropy = -(q * log_q).sum(-1)
    if kind == "precision":
        return 1 + s * centred / (variance.clamp(min=floor) + epsilon)
    if kind == "z":
        return 1 + s * centred / sigma
    if kind == "linear":
        return 1 + s * centred
    if kind == "term":
        return len(l) * torch.softmax(s * l, 0)
    if kind == "power":
        return l**s / (l**s).mean()
    if kind == "sigmoid":
        return 2 * torch.sigmoid(s * centred / sigma)
    if kind in ("focal", "focal_loss"):
        return (1 - torch.exp(-l)) ** s
    if kind == "mile":
        return (1 + entropy) ** s
    if kind == "excess_surprisal":
        spread = (q * (log_q + entropy.unsqueeze(-1)) ** 2).sum(-1)
        return 1 + s * (l - entropy) / (spread.clamp(min=floor) + epsilon)
    if kind == "dft":
        return torch.exp(-l)
    if kind == "top_k":
        return top(l, s)
    assert kind == "constant"
    return torch.full_like(l, s)


def objective(kind, l, log_q, s):
    if kind == "label_smoothing":
        return (1 - s) * l - s * log_q.mean(-1)
    return l + s * (log_q.exp() * log_q).sum(-1)


def expected_objective(kind, l, s):
    """What the detached gradient is the gradient of, where that is known in closed form."""
    v = l.var(unbiased=False)
    return {
        "precision": lambda: l.mean() + s / 2 * v.log(),
        "z": lambda: l.mean() + s * v.sqrt(),
        "linear": lambda: l.mean() + s / 2 * v,
        "term": lambda: (torch.logsumexp(s * l, 0) - np.log(len(l))) / s,
        "power": lambda: (l ** (1 + s)).mean() / (l**s).mean().detach() / (1 + s),
        "constant": lambda: s * l.mean(),
        "dft": lambda: -torch.exp(-l).mean(),
    }.get(kind)


def case(name, kind, s, epsilon=0.0, floor=0.0, clamp=None, renormalise=False, ignored=0):
    rng = generator(name)
    logits32 = normal(rng, 3, 7, 33, scale=2.0)
    targets = rng.integers(0, 33, (3, 7), dtype=np.int32)
    targets.reshape(-1)[:ignored] = -100

    logits = torch.tensor(logits32).double().requires_grad_()
    counted = torch.tensor(targets.reshape(-1) != -100)
    l = ops.cross_entropy(logits, torch.tensor(targets)).reshape(-1)[counted]
    log_q = ops.log_softmax(logits).reshape(-1, 33)[counted]

    if kind in OBJECTIVES:
        w = torch.ones_like(l)
        loss = objective(kind, l, log_q, s).mean()
    else:
        w = weights(kind, l, log_q, s, epsilon, floor)
        w = w if clamp is None else w.clamp(*clamp)
        w = w / w.mean() if renormalise else w
        w = w if kind == "focal_loss" else w.detach()
        loss = (w * l).mean()
    (dlogits,) = torch.autograd.grad(loss, logits, retain_graph=True)

    plain = clamp is None and not renormalise and floor == epsilon == 0
    known = expected_objective(kind, l, s)
    if known and plain:
        (other,) = torch.autograd.grad(known(), logits, retain_graph=True)
        assert_close(other, dlogits)
    if renormalise or kind in ("precision", "z", "linear", "term", "power", "top_k"):
        assert_close(w.mean(), 1.0)

    whole = torch.zeros(21, dtype=torch.float64)
    whole[counted] = w.detach()
    tensors = {"logits": logits32, "targets": targets, "w": whole.reshape(3, 7).numpy()}
    tensors.update(loss=loss.detach().numpy(), dlogits=dlogits.numpy())
    return {f"{name}/{key}": value for key, value in tensors.items()}


def build():
    """(tensors, metadata) of golden/gains.safetensors."""
    tensors = {}
    for name, settings in CASES.items():
        tensors.update(case(name, **settings))
    return tensors, {"parameters": json.dumps(CASES)}
