"""The formulas of the ops, written out in elementary tensor arithmetic.

Each function is a definition, not an implementation to be fast: it says what the op computes and
nothing else. Gradients come from automatic differentiation of these definitions, and op_cases.py
checks them against finite differences and against torch.nn.functional where it has the op.

Legend: B batch, T sequence length, C channels, V vocabulary, H query heads, KV key/value heads,
D channels of one head.
"""

import math

import torch


def linear(x, weight, bias=None):
    """x (..., in), weight (out, in), bias (out) -> (..., out)."""
    y = x @ weight.T
    return y if bias is None else y + bias


def variance(x):
    """Population variance (divides by n, not n - 1) over the last dimension."""
    centred = x - x.mean(-1, keepdim=True)
    return (centred * centred).mean(-1)


def log_softmax(x):
    """x - log(sum(exp(x))) over the last dimension; the maximum is taken out so exp stays small."""
    shifted = x - x.max(-1, keepdim=True).values.detach()
    return shifted - shifted.exp().sum(-1, keepdim=True).log()


def softmax(x):
    """exp(x) / sum(exp(x)) over the last dimension."""
    return log_softmax(x).exp()


def cross_entropy(logits, targets, ignore=-100):
    """logits (B, T, V), targets (B, T) -> loss of every token (B, T); exactly 0 where ignored."""
    kept = targets != ignore
    index = torch.where(kept, targets, torch.zeros_like(targets)).long()
    losses = -log_softmax(logits).gather(-1, index.unsqueeze(-1)).squeeze(-1)
    return torch.where(kept, losses, torch.zeros_like(losses))


def embedding(weight, tokens):
    """weight (V, C), tokens (B, T) -> (B, T, C)."""
    return weight[tokens.long()]


def layer_norm(x, weight, bias=None, epsilon=1e-5):
    """(x - mean) / sqrt(variance + epsilon) * weight + bias over the last dimension."""
    centred = x - x.mean(-1, keepdim=True)
    y = centred / torch.sqrt(variance(x).unsqueeze(-1) + epsilon) * weight
    return y if bias is None else y + bias


def rms_norm(x, weight, epsilon=1e-5):
    """x / sqrt(mean(x^2) + epsilon) * weight over the last dimension."""
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + epsilon) * weight


def gelu_tanh(x):
    """x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))): the approximation that GPT-2 uses."""
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def gelu_erf(x):
    """x times the standard normal distribution function: x/2 (1 + erf(x / sqrt(2)))."""
    return 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))


def silu(x):
    """x times the logistic function of x."""
    return x / (1 + torch.exp(-x))


def swiglu(x):
    """x (..., 2H) packs the gate (first half) and the value (second half) -> silu(gate) * up."""
    gate, up = x.chunk(2, dim=-1)
    return silu(gate) * up


def split_heads(qkv, heads, kv_heads):
    """Packed qkv (B, T, (H + 2 KV) D) -> q (B, T, H, D), k (B, T, KV, D), v (B, T, KV, D)."""
    batch, time, width = qkv.shape
    size = width // (heads + 2 * kv_heads)
    return qkv.view(batch, time, -1, size).split([heads, kv_heads, kv_heads], dim=2)


def rope(qkv, heads, kv_heads, theta=10000.0, start=0):
    """Rotary positions on the packed qkv (B, T, (H + 2 KV) D); values pass unchanged.

    Rotate-half form: element i of a head (i < D/2) pairs with element i + D/2, and the pair turns
    by the angle t * theta^(-2i/D), where t = start + index in the sequence.
    """
    batch, time, _ = qkv.shape
    q, k, v = split_heads(qkv, heads, kv_heads)
    half = q.shape[-1] // 2
    frequency = theta ** (-torch.arange(half, dtype=torch.float64) / half)
    angle = (start + torch.arange(time, dtype=torch.float64)).unsqueeze(-1) * frequency
    # Angles are formed in float64 whatever the precision of qkv; (T, 1, D/2) spreads over heads.
    cosine = angle.cos().to(qkv.dtype).unsqueeze(1)
    sine = angle.sin().to(qkv.dtype).unsqueeze(1)

    def rotate(x):
        a, b = x[..., :half], x[..., half:]
        return torch.cat([a * cosine - b * sine, a * sine + b * cosine], dim=-1)

    return torch.cat([rotate(q), rotate(k), v], dim=2).reshape(batch, time, -1)


def causal_attention(qkv, heads, kv_heads):
    """Packed qkv (B, T, (H + 2 KV) D) -> (B, T, H D).

    Query head h reads key/value head h // (H / KV). Scores are scaled by 1/sqrt(D), and position t
    sees positions 0..t.
    """
    batch, time, _ = qkv.shape
    q, k, v = split_heads(qkv, heads, kv_heads)
    k = k.repeat_interleave(heads // kv_heads, dim=2)
    v = v.repeat_interleave(heads // kv_heads, dim=2)
    q, k, v = (x.transpose(1, 2) for x in (q, k, v))  # (B, H, T, D)
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])  # (B, H, T, T)
    future = torch.ones(time, time, dtype=torch.bool).triu(1)
    weights = softmax(scores.masked_fill(future, -math.inf))
    return (weights @ v).transpose(1, 2).reshape(batch, time, -1)
