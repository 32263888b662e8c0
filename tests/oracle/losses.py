"""golden/losses.safetensors: the two ways of shaping training, on small random inputs.

Token gain `precision`. With l the plain cross-entropy of every token (B, T), m its mean and v its
population variance over the batch:

    raw w = 1 + s (l - m) / (max(v, floor) + epsilon)
    w     = clamp(raw w, low, high), if there is a clamp; then w / mean(w), if it renormalises
    loss  = mean(w l), with w taken as a constant in the backward pass

Layer scaling `divergence`. With x[b] what block b reads and x[b + 1] what it writes:

    d[b] = norm(x[b + 1] - x[b]) / norm(x[b])     (norms over the whole (B, T, C) state)
    f[b] = min(c d[b], cap)      with c = 1 / mean(d) or, if it renormalises, the c of mean(f) = 1

and the gradients of block b's parameters are multiplied by f[b].

Cases of the gain store, under `gain/<case>/`: the inputs logits (B, T, V) and targets (B, T); the
losses l; mean m and variance v; raw_w and w; loss; dlogits. Cases of the scaling store, under
`divergence/<case>/`: the inputs x (blocks + 1, B, T, C) and gradient (blocks, n); d; f; scaled.
"""

import json

import numpy as np
import torch

import ops
from op_cases import generator, normal


def precision_gain(losses, s, epsilon=0.0, floor=0.0, clamp=None, renormalise=False):
    """losses of any shape -> (raw w, w) of the same shape, both constants."""
    losses = losses.detach()
    centred = losses - losses.mean()
    variance = (centred * centred).mean().clamp(min=floor)
    raw = 1 + s * centred / (variance + epsilon)
    w = raw if clamp is None else raw.clamp(*clamp)
    return raw, w / w.mean() if renormalise else w


def divergences(states):
    """states: what the blocks hand on, len = blocks + 1 -> d (blocks)."""
    pairs = zip(states[:-1], states[1:])
    return torch.stack([(after - before).norm() / before.norm() for before, after in pairs])


def layer_factors(d, cap, renormalise=False):
    """d (blocks) -> f (blocks)."""
    if not renormalise:
        return (d / d.mean()).clamp(max=cap)
    largest = d.sort(descending=True).values
    for cut in range(len(d)):  # as few at the cap as leave none of the others above it
        c = (len(d) - cap * cut) / largest[cut:].sum()
        if c * largest[cut] <= cap:
            return (c * d).clamp(max=cap)
    return torch.ones_like(d)


GAIN_CASES = {
    # name: (scale of the logits, settings)
    "s_0.1": (2.0, dict(s=0.1)),
    "s_0.5": (2.0, dict(s=0.5)),
    "s_1": (2.0, dict(s=1.0)),
    "s_2": (2.0, dict(s=2.0)),
    "s_0": (2.0, dict(s=0.0)),
    "epsilon": (2.0, dict(s=0.5, epsilon=0.25)),
    "near_uniform": (0.1, dict(s=0.5)),
    "floor": (0.1, dict(s=0.5, floor=0.1)),
    "floor_not_reached": (2.0, dict(s=0.5, floor=0.1)),
    "clamp": (2.0, dict(s=2.0, clamp=(0.5, 1.75))),
    "clamp_renormalise": (2.0, dict(s=2.0, clamp=(0.5, 1.75), renormalise=True)),
    "near_uniform_clamp": (0.1, dict(s=1.0, clamp=(0.0, 5.0))),
    "near_uniform_clamp_renormalise": (0.1, dict(s=1.0, clamp=(0.0, 5.0), renormalise=True)),
    "all_settings": (
        0.1,
        dict(s=1.0, epsilon=1e-6, floor=0.05, clamp=(0.9, 1.2), renormalise=True),
    ),
}


def gain_case(name, scale, settings):
    """Tensors of one case of the gain; asserts the identities that hold for it."""
    rng = generator(name)
    logits32 = normal(rng, 3, 7, 33, scale=scale)
    targets = rng.integers(0, 33, (3, 7), dtype=np.int32)

    logits = torch.tensor(logits32).double().requires_grad_()
    l = ops.cross_entropy(logits, torch.tensor(targets))
    m, v, s = l.mean(), l.var(unbiased=False), settings["s"]
    raw, w = precision_gain(l, **settings)
    loss = (w * l).mean()
    (dlogits,) = torch.autograd.grad(loss, logits, retain_graph=True)

    assert_close(raw.mean(), 1.0)
    if set(settings) == {"s"}:
        # Without epsilon, floor and clamp the shaped loss is the plain loss plus s, exactly ...
        assert_close(loss, m + s)
        # ... and the detached gradient is that of a risk penalised by the log of its variance.
        penalised = m + s / 2 * torch.log(v)
        assert_close(torch.autograd.grad(penalised, logits, retain_graph=True)[0], dlogits)
    if settings.get("renormalise"):
        assert_close(w.mean(), 1.0)
    clamped = int((raw != w).sum()) if "clamp" in settings else 0
    assert ("clamp" in settings) == (clamped > 0), f"{name}: the clamp must bite, {clamped}"
    if "floor" in settings:
        assert (v < settings["floor"]) == (name != "floor_not_reached"), f"{name}: v is {v}"

    tensors = {"logits": logits32, "targets": targets}
    results = dict(l=l, m=m, v=v, raw_w=raw, w=w, loss=loss, dlogits=dlogits)
    tensors.update({key: value.detach().numpy() for key, value in results.items()})
    return {f"gain/{name}/{key}": value for key, value in tensors.items()}


DIVERGENCE_CASES = {
    # name: (blocks, settings)
    "uncapped": (5, dict(cap=1e9)),
    "capped": (5, dict(cap=1.5)),
    "capped_renormalise": (5, dict(cap=1.5, renormalise=True)),
    "one_block": (1, dict(cap=2.0)),
}


def divergence_case(name, blocks, settings):
    """Tensors of one case of the layer scaling."""
    rng = generator(name)
    # A residual stream that starts small and grows, as in pre-norm networks: block 0 stands out.
    x32 = [normal(rng, 3, 7, 33, scale=0.3)]
    for _ in range(blocks):
        x32.append(x32[-1] + normal(rng, 3, 7, 33))
    gradient32 = normal(rng, blocks, 33)

    d = divergences([torch.tensor(x).double() for x in x32])
    f = layer_factors(d, **settings)
    scaled = torch.tensor(gradient32).double() * f.unsqueeze(-1)

    over = (d / d.mean() > settings["cap"]).sum()
    assert (over > 0) == name.startswith("capped"), f"{name}: factors over the cap: {over}"
    if over == 0 or settings.get("renormalise"):
        assert_close(f.mean(), 1.0)
    by_hand = [np.sqrt(np.sum((b - a) ** 2.0) / np.sum(a**2.0)) for a, b in pairs64(x32)]
    assert_close(d, torch.tensor(by_hand))

    tensors = {"x": np.stack(x32), "gradient": gradient32}
    tensors.update(d=d.numpy(), f=f.numpy(), scaled=scaled.numpy())
    return {f"divergence/{name}/{key}": value for key, value in tensors.items()}


def pairs64(arrays):
    arrays = [array.astype(np.float64) for array in arrays]
    return zip(arrays[:-1], arrays[1:])


def assert_close(actual, expected):
    expected = torch.as_tensor(expected, dtype=torch.float64)
    torch.testing.assert_close(actual.detach(), expected.detach(), rtol=1e-10, atol=1e-12)


def build():
    """(tensors, metadata) of golden/losses.safetensors."""
    tensors = {}
    for name, (scale, settings) in GAIN_CASES.items():
        tensors.update(gain_case(name, scale, settings))
    for name, (blocks, settings) in DIVERGENCE_CASES.items():
        tensors.update(divergence_case(name, blocks, settings))
    parameters = {"gain/" + name: settings for name, (_, settings) in GAIN_CASES.items()}
    for name, (_, settings) in DIVERGENCE_CASES.items():
        parameters["divergence/" + name] = settings
    return tensors, {"parameters": json.dumps(parameters)}
