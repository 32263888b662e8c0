"""golden/gpt2.safetensors and golden/llama.safetensors: two tiny models, forwards and in training.

Stored, with <name> every parameter's name as in a checkpoint:

    <name>, tokens, targets            the weights (F32) and one batch (I32, (B, T))
    logits, losses, loss               forward: (B, T, V), per token (B, T), their mean
    grad/<name>, gradient_norm         backward of the mean loss; norm over all parameters
    precision/{w, loss, grad/<name>}   the same under the token gain
    divergence/{d, f, grad/<name>}     layer scaling: grad/<name> times f, block parameters only
    adamw/losses, adamw/<name>         ten AdamW steps: loss before each step, final weights
    adamw/gradient_norms               before clipping, at each step

Results are F64. The metadata hold "config", "gain", "scaling" and "adamw" as JSON objects.
"""

import json

import numpy as np
import torch
import torch.nn.functional as F

import gpt
import losses
import ops
from op_cases import generator

GPT2 = dict(
    vocabulary=65,
    sequenceLength=16,
    layers=2,
    heads=2,
    kvHeads=2,
    channels=16,
    hidden=64,
    positions="LEARNED",
    norm="LAYER",
    activation="GELU",
    tiedHead=True,
    bias=True,
    dropout=0.0,
    ropeTheta=10000.0,
    normEpsilon=1e-5,
)
LLAMA = dict(
    GPT2,
    layers=3,
    heads=4,
    kvHeads=2,
    channels=24,
    hidden=32,
    positions="ROPE",
    norm="RMS",
    activation="SWIGLU",
    tiedHead=False,
    bias=False,
)
BATCH = 3
GAIN = dict(s=0.5, epsilon=0.0, floor=0.0)
SCALING = dict(cap=1.25, renormalise=False)
ADAMW = dict(
    learningRate=1e-3,
    beta1=0.9,
    beta2=0.95,
    epsilon=1e-8,
    weightDecay=0.1,
    clipNorm=1.0,
    steps=10,
)


def differentiable(arrays, dtype=torch.float64):
    return {k: torch.tensor(a, dtype=dtype).requires_grad_() for k, a in arrays.items()}


def gradients(loss, p):
    """{name: gradient of loss}."""
    values = torch.autograd.grad(loss, list(p.values()), retain_graph=True)
    return dict(zip(p, values))


def global_norm(gradient):
    return torch.sqrt(sum((g * g).sum() for g in gradient.values()))


def batch_losses(config, p, tokens, targets):
    logits, states = gpt.forward(config, p, tokens)
    return logits, ops.cross_entropy(logits, targets), states


def adamw(config, p, tokens, targets):
    """Trains p in place on one batch; returns the losses before each step and gradient norms."""
    a = ADAMW
    first = {k: torch.zeros_like(w) for k, w in p.items()}
    second = {k: torch.zeros_like(w) for k, w in p.items()}
    step_losses, norms = [], []
    for step in range(1, a["steps"] + 1):
        _, l, _ = batch_losses(config, p, tokens, targets)
        gradient = gradients(l.mean(), p)
        total = global_norm(gradient)
        clip = min(1.0, a["clipNorm"] / (total.item() + 1e-6))
        step_losses.append(l.mean().item())
        norms.append(total.item())
        with torch.no_grad():
            for name, w in p.items():
                g = gradient[name] * clip
                first[name] = a["beta1"] * first[name] + (1 - a["beta1"]) * g
                second[name] = a["beta2"] * second[name] + (1 - a["beta2"]) * g * g
                mean = first[name] / (1 - a["beta1"] ** step)
                square = second[name] / (1 - a["beta2"] ** step)
                if w.dim() >= 2:  # decay matrices and embeddings, not biases and norm weights
                    w -= a["learningRate"] * a["weightDecay"] * w
                w -= a["learningRate"] * mean / (square.sqrt() + a["epsilon"])
    return step_losses, norms


def adamw_of_torch(config, p, tokens, targets):
    """The same ten steps with the library's optimizer and clipping."""
    a = ADAMW
    groups = [
        {"params": [w for w in p.values() if w.dim() >= 2], "weight_decay": a["weightDecay"]},
        {"params": [w for w in p.values() if w.dim() < 2], "weight_decay": 0.0},
    ]
    betas = (a["beta1"], a["beta2"])
    optimizer = torch.optim.AdamW(groups, lr=a["learningRate"], betas=betas, eps=a["epsilon"])
    step_losses = []
    for _ in range(a["steps"]):
        loss = batch_losses(config, p, tokens, targets)[1].mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(p.values()), a["clipNorm"])
        optimizer.step()
        step_losses.append(loss.item())
    return step_losses


def logits_of_torch(config, p, tokens):
    """The GPT-2 style model once more, from torch.nn.functional."""
    heads, channels = config["heads"], config["channels"]
    x = F.embedding(tokens.long(), p["token_embedding.weight"]) + p["position_embedding.weight"]
    mask = torch.full((x.shape[1], x.shape[1]), -np.inf, dtype=x.dtype).triu(1)

    def layer(operation, name, *arguments):
        return operation(*arguments, p[name + ".weight"], p[name + ".bias"])

    for i in range(config["layers"]):
        b = f"blocks.{i}."
        normed = layer(F.layer_norm, b + "attention_norm", x, (channels,)).transpose(0, 1)
        attended, _ = F.multi_head_attention_forward(
            normed,
            normed,
            normed,
            channels,
            heads,
            p[b + "attention.qkv.weight"],
            p[b + "attention.qkv.bias"],
            bias_k=None,
            bias_v=None,
            add_zero_attn=False,
            dropout_p=0.0,
            out_proj_weight=p[b + "attention.out.weight"],
            out_proj_bias=p[b + "attention.out.bias"],
            attn_mask=mask,
        )
        x = x + attended.transpose(0, 1)
        normed = layer(F.layer_norm, b + "mlp_norm", x, (channels,))
        up = F.gelu(layer(F.linear, b + "mlp.up", normed), approximate="tanh")
        x = x + layer(F.linear, b + "mlp.down", up)
    return F.linear(layer(F.layer_norm, "final_norm", x, (channels,)), p["token_embedding.weight"])


def build(name, config):
    """(tensors, metadata) of one model's golden file."""
    rng = generator(name)
    weights = gpt.initial_parameters(config, rng)
    shape = (BATCH, config["sequenceLength"])
    tokens32 = rng.integers(0, config["vocabulary"], shape, dtype=np.int32)
    targets32 = rng.integers(0, config["vocabulary"], shape, dtype=np.int32)
    tokens, targets = torch.tensor(tokens32), torch.tensor(targets32)

    p = differentiable(weights)
    logits, l, states = batch_losses(config, p, tokens, targets)
    if config is GPT2:
        assert_close(logits_of_torch(config, p, tokens), logits)
    gradient = gradients(l.mean(), p)
    assert all(gradient[k][keys].abs().max() < 1e-15 for k, keys in key_biases(config, p))
    results = {"logits": logits, "losses": l, "loss": l.mean()}
    results.update({"grad/" + k: g for k, g in gradient.items()})
    results["gradient_norm"] = global_norm(gradient)

    _, w = losses.precision_gain(l, **GAIN)
    shaped = (w * l).mean()
    assert_close(shaped, l.mean() + GAIN["s"])
    results.update({"precision/w": w, "precision/loss": shaped})
    results.update({"precision/grad/" + k: g for k, g in gradients(shaped, p).items()})

    d = losses.divergences(states).detach()
    f = losses.layer_factors(d, **SCALING)
    assert (d / d.mean() > SCALING["cap"]).any(), "the cap must bite"
    results.update({"divergence/d": d, "divergence/f": f})
    for k, g in gradient.items():
        if k.startswith("blocks."):
            results["divergence/grad/" + k] = g * f[int(k.split(".")[1])]

    step_losses, norms = adamw(config, p, tokens, targets)
    q = differentiable(weights)
    assert np.allclose(adamw_of_torch(config, q, tokens, targets), step_losses, rtol=1e-12)
    for k in p:
        assert_close(q[k], p[k])
    assert max(norms) > ADAMW["clipNorm"], "clipping must bite"
    results.update({"adamw/" + k: value for k, value in p.items()})
    results["adamw/losses"] = torch.tensor(step_losses, dtype=torch.float64)
    results["adamw/gradient_norms"] = torch.tensor(norms, dtype=torch.float64)

    tensors = {**weights, "tokens": tokens32, "targets": targets32}
    tensors.update({k: value.detach().numpy() for k, value in results.items()})
    settings = {"config": config, "gain": GAIN, "scaling": SCALING, "adamw": ADAMW}
    return tensors, {k: json.dumps(value) for k, value in settings.items()}


def float32_noise(name, config, golden):
    """How far the same formulas in float32 land from the golden values: largest difference in a
    tensor over its largest magnitude, worst tensor of each kind."""
    weights = {k: golden[k] for k in gpt.parameter_shapes(config)}
    tokens, targets = torch.tensor(golden["tokens"]), torch.tensor(golden["targets"])
    p = differentiable(weights, torch.float32)
    logits, l, _ = batch_losses(config, p, tokens, targets)
    gradient = gradients(l.mean(), p)
    steps, _ = adamw(config, p, tokens, targets)
    trained = {k: w.detach().numpy().copy() for k, w in p.items()}
    for k, keys in key_biases(config, trained):
        trained[k][keys] = golden["adamw/" + k][keys]  # compares nothing: see key_biases

    def worst(pairs):
        return max(np.abs(a - golden[k]).max() / np.abs(golden[k]).max() for k, a in pairs)

    return {
        "logits": worst([("logits", logits.detach().numpy())]),
        "losses": worst([("losses", l.detach().numpy())]),
        "gradients": worst([("grad/" + k, g.numpy()) for k, g in gradient.items()]),
        "ten AdamW losses": worst([("adamw/losses", np.array(steps))]),
        "weights after ten steps": worst([("adamw/" + k, w) for k, w in trained.items()]),
    }


def key_biases(config, p):
    """(name, slice) of the biases of the keys, whose gradient is zero: a constant added to every
    key moves all scores of a query alike, which softmax ignores. What is computed instead of zero
    is rounding noise, and AdamW, dividing by the noise's own size, makes steps of it."""
    size = config["channels"] // config["heads"]
    keys = slice(config["heads"] * size, (config["heads"] + config["kvHeads"]) * size)
    return [(name, keys) for name in p if name.endswith("attention.qkv.bias")]


def assert_close(actual, expected):
    torch.testing.assert_close(actual.detach(), expected.detach(), rtol=1e-10, atol=1e-12)
