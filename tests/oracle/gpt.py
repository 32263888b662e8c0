"""A GPT in float64, from one configuration: GPT-2 style or Llama style.

The model is a function of a dictionary of parameters, named as in checkpoints:

    token_embedding.weight (V, C)            position_embedding.weight (T, C)   learned positions
    blocks.<i>.attention_norm.weight (C)     blocks.<i>.mlp_norm.weight (C)
    blocks.<i>.attention.qkv.weight ((H + 2 KV) D, C)
    blocks.<i>.attention.out.weight (C, H D)
    blocks.<i>.mlp.up.weight (hidden, C)     blocks.<i>.mlp.gate_up.weight (2 hidden, C)   SwiGLU
    blocks.<i>.mlp.down.weight (C, hidden)
    final_norm.weight (C)                    head.weight (V, C)                 when not tied

and, where there are biases, `.bias` beside every `.weight` of a norm (LayerNorm only), of attention
and of the mlp. The head has none.
"""

import numpy as np
import torch

import ops


def parameter_shapes(config):
    """{name: shape} in the order of the forward pass."""
    channels, hidden = config["channels"], config["hidden"]
    size = channels // config["heads"]
    qkv = (config["heads"] + 2 * config["kvHeads"]) * size
    up = ("gate_up", 2 * hidden) if config["activation"] == "SWIGLU" else ("up", hidden)

    shapes = {"token_embedding.weight": (config["vocabulary"], channels)}
    if config["positions"] == "LEARNED":
        shapes["position_embedding.weight"] = (config["sequenceLength"], channels)

    def add(name, *shape):
        shapes[name + ".weight"] = shape
        is_rms_norm = len(shape) == 1 and config["norm"] == "RMS"
        if config["bias"] and not is_rms_norm:
            shapes[name + ".bias"] = shape[:1]

    for i in range(config["layers"]):
        add(f"blocks.{i}.attention_norm", channels)
        add(f"blocks.{i}.attention.qkv", qkv, channels)
        add(f"blocks.{i}.attention.out", channels, channels)
        add(f"blocks.{i}.mlp_norm", channels)
        add(f"blocks.{i}.mlp.{up[0]}", up[1], channels)
        add(f"blocks.{i}.mlp.down", channels, hidden)
    add("final_norm", channels)
    if not config["tiedHead"]:
        shapes["head.weight"] = (config["vocabulary"], channels)
    return shapes


def initial_parameters(config, rng):
    """Random float32 parameters. Larger than one would train with, so that no term is negligible:
    norm weights scatter around 1, biases are not zero, and matrices roughly keep the length."""
    parameters = {}
    for name, shape in parameter_shapes(config).items():
        noise = rng.standard_normal(shape)
        if "norm.weight" in name:
            values = 1 + 0.2 * noise
        elif name.endswith("bias"):
            values = 0.2 * noise
        elif "embedding" in name:
            values = 0.5 * noise
        else:
            values = noise / np.sqrt(shape[-1])
        parameters[name] = values.astype(np.float32)
    return parameters


def norm(config, p, name, x):
    weight, epsilon = p[name + ".weight"], config["normEpsilon"]
    if config["norm"] == "RMS":
        return ops.rms_norm(x, weight, epsilon)
    return ops.layer_norm(x, weight, p.get(name + ".bias"), epsilon)


def linear(p, name, x):
    return ops.linear(x, p[name + ".weight"], p.get(name + ".bias"))


def block(config, p, name, x):
    """x (B, T, C) -> (B, T, C): x += attention(norm(x)); x += mlp(norm(x))."""
    heads, kv_heads = config["heads"], config["kvHeads"]
    qkv = linear(p, f"{name}.attention.qkv", norm(config, p, f"{name}.attention_norm", x))
    if config["positions"] == "ROPE":
        qkv = ops.rope(qkv, heads, kv_heads, config["ropeTheta"])
    x = x + linear(p, f"{name}.attention.out", ops.causal_attention(qkv, heads, kv_heads))

    inside = norm(config, p, f"{name}.mlp_norm", x)
    if config["activation"] == "SWIGLU":
        inside = ops.swiglu(linear(p, f"{name}.mlp.gate_up", inside))
    else:
        gelu = ops.gelu_tanh if config["activation"] == "GELU" else ops.gelu_erf
        inside = gelu(linear(p, f"{name}.mlp.up", inside))
    return x + linear(p, f"{name}.mlp.down", inside)


def forward(config, p, tokens):
    """tokens (B, T) -> logits (B, T, V) and the residual stream before, between, after blocks."""
    x = ops.embedding(p["token_embedding.weight"], tokens)
    if config["positions"] == "LEARNED":
        x = x + p["position_embedding.weight"][: tokens.shape[1]]
    states = [x]
    for i in range(config["layers"]):
        states.append(block(config, p, f"blocks.{i}", states[-1]))
    x = norm(config, p, "final_norm", states[-1])
    head = p["token_embedding.weight"] if config["tiedHead"] else p["head.weight"]
    return ops.linear(x, head), states
