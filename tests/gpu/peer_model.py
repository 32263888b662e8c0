"""The two models of the benchmark in PyTorch: the same shapes, layers and weights by name as ours.

A pre-norm decoder from GPT-2 (learned positions, LayerNorm, GELU, tied head, biases) to Llama (RoPE,
RMSNorm, SwiGLU, grouped-query attention). Sizes are those of the presets in the trainer's
`config/presets`; a preset that changes must change here too, and the count of weights, which is
checked, says so.
"""

import contextlib
import dataclasses
import math

import torch
import torch.nn.functional as F
from torch import nn


@dataclasses.dataclass(frozen=True)
class Shape:
    """A model; `weights` is the number that the trainer counts, None where nobody has."""

    vocabulary: int
    length: int
    layers: int
    heads: int
    kv_heads: int
    channels: int
    hidden: int
    llama: bool  # RoPE, RMSNorm, SwiGLU, untied head, no biases; else GPT-2
    weights: int | None = None

    @property
    def head_size(self):
        return self.channels // self.heads

    def flops_per_token(self, weights):
        """Operations to train on one token, counted in three ways. `weights` without look-ups: 2
        operations each forward, 4 backward. Attention: two products of T x T forward and four
        backward, of which a causal model needs half."""
        square = 12 * self.layers * self.length * self.channels
        return {
            "weights": 6 * weights,
            "causal": 6 * weights + square // 2,
            "full": 6 * weights + square,
        }


SHAPES = {
    "gpt2-124m": Shape(50257, 1024, 12, 12, 12, 768, 3072, False, 124_439_808),
    "gpt2-124m-padded": Shape(50304, 1024, 12, 12, 12, 768, 3072, False, 124_475_904),
    "1.2b": Shape(50304, 2048, 22, 16, 4, 2048, 5632, True, 1_198_090_240),
    "tiny-gpt2": Shape(64, 32, 2, 4, 4, 32, 128, False),
    "tiny-llama": Shape(64, 32, 2, 4, 2, 32, 96, True),
}


class RmsNorm(nn.Module):
    """y = x / sqrt(mean(x^2) + 1e-5) * weight, in float32 as ours."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))

    def forward(self, x):
        if hasattr(F, "rms_norm"):
            return F.rms_norm(x, self.weight.shape, self.weight.to(x.dtype), 1e-5)
        scale = torch.rsqrt(x.float().square().mean(-1, keepdim=True) + 1e-5)
        return (x.float() * scale).to(x.dtype) * self.weight.to(x.dtype)


def norm(shape):
    return RmsNorm(shape.channels) if shape.llama else nn.LayerNorm(shape.channels, 1e-5)


def rotate(x, cos, sin):
    """Turns the pairs (x[i], x[i + D/2]) of x (B, heads, T, D)."""
    a, b = x.chunk(2, -1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), -1).to(x.dtype)


def attend(q, k, v):
    """Causal attention of q (B, H, T, D) to k and v (B, KV, T, D)."""
    grouped = q.shape[1] != k.shape[1]
    if hasattr(F, "scaled_dot_product_attention"):
        extra = {"enable_gqa": True} if grouped else {}
        return F.scaled_dot_product_attention(q, k, v, is_causal=True, **extra)
    if grouped:
        k, v = (x.repeat_interleave(q.shape[1] // x.shape[1], 1) for x in (k, v))
    length = q.shape[2]
    hidden = torch.ones(length, length, dtype=torch.bool, device=q.device).triu(1)
    scores = (q @ k.transpose(2, 3)).float() / math.sqrt(q.shape[3])
    return scores.masked_fill(hidden, -math.inf).softmax(-1).to(v.dtype) @ v


class Attention(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        width = (shape.heads + 2 * shape.kv_heads) * shape.head_size
        self.qkv = nn.Linear(shape.channels, width, bias=not shape.llama)
        self.out = nn.Linear(shape.channels, shape.channels, bias=not shape.llama)

    def forward(self, x, turn):
        heads, kv, size = self.shape.heads, self.shape.kv_heads, self.shape.head_size
        packed = self.qkv(x).unflatten(-1, (heads + 2 * kv, size)).transpose(1, 2)
        q, k, v = packed.split((heads, kv, kv), 1)
        if turn is not None:
            q, k = rotate(q, *turn), rotate(k, *turn)
        return self.out(attend(q, k, v).transpose(1, 2).flatten(2))


class Mlp(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.gated = shape.llama
        if self.gated:
            self.gate_up = nn.Linear(shape.channels, 2 * shape.hidden, bias=False)
        else:
            self.up = nn.Linear(shape.channels, shape.hidden)
        self.down = nn.Linear(shape.hidden, shape.channels, bias=not self.gated)

    def forward(self, x):
        if not self.gated:
            return self.down(F.gelu(self.up(x), approximate="tanh"))
        gate, value = self.gate_up(x).chunk(2, -1)
        return self.down(F.silu(gate) * value)


class Block(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.attention_norm = norm(shape)
        self.attention = Attention(shape)
        self.mlp_norm = norm(shape)
        self.mlp = Mlp(shape)

    def forward(self, x, turn):
        x = x + self.attention(self.attention_norm(x), turn)
        return x + self.mlp(self.mlp_norm(x))


class Gpt(nn.Module):
    """Mean cross-entropy of tokens (B, T) against targets (B, T)."""

    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.token_embedding = nn.Embedding(shape.vocabulary, shape.channels)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.final_norm = norm(shape)
        self.head = nn.Linear(shape.channels, shape.vocabulary, bias=False)
        if shape.llama:
            half = torch.arange(0, shape.head_size, 2) / shape.head_size
            angles = torch.arange(shape.length)[:, None] * 10_000.0 ** -half
            self.register_buffer("cos", angles.cos(), persistent=False)
            self.register_buffer("sin", angles.sin(), persistent=False)
        else:
            self.position_embedding = nn.Embedding(shape.length, shape.channels)
            self.head.weight = self.token_embedding.weight
        for name, weight in self.named_parameters():
            if weight.dim() > 1:
                residual = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(weight, 0, 0.02 / math.sqrt(2 * shape.layers if residual else 1))
            elif name.endswith("bias"):
                nn.init.zeros_(weight)

    def count(self):
        """All weights, and those that take part in matrix products: without look-ups."""
        total = sum(weight.numel() for weight in self.parameters())
        table = self.token_embedding if self.shape.llama else self.position_embedding
        return total, total - table.weight.numel()

    def forward(self, tokens, targets):
        x = self.token_embedding(tokens)
        turn = None
        if self.shape.llama:
            turn = (self.cos, self.sin)
        else:
            x = x + self.position_embedding.weight
        for block in self.blocks:
            x = block(x, turn)
        logits = self.head(self.final_norm(x))
        return F.cross_entropy(logits.flatten(0, 1).float(), targets.flatten())


def attention_kernels(choice):
    """Limits attention to flash or cudnn kernels, or to nothing."""
    if choice == "auto":
        return contextlib.nullcontext()
    from torch.nn.attention import SDPBackend, sdpa_kernel

    names = {"flash": SDPBackend.FLASH_ATTENTION, "cudnn": SDPBackend.CUDNN_ATTENTION}
    return sdpa_kernel([names[choice]])
