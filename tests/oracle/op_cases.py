"""golden/ops.safetensors: inputs, upstream gradient, output and gradients of every op.

Case `name` stores `name/<input>` (F32, or I32 for tokens and targets), `name/dy` (F32, random),
`name/y` (F64) and `name/d<input>` (F64) for every floating-point input. Constants of an op, such as
its head counts, are in the metadata entry "parameters": a JSON object by case name.
"""

import json
import math
import zlib

import numpy as np
import torch
import torch.nn.functional as F

import ops


def generator(name):
    """A random generator of the case's own: adding a case leaves the others as they are."""
    return np.random.default_rng(zlib.crc32(name.encode()))


def normal(rng, *shape, scale=1.0):
    """Normal numbers, rounded to float32."""
    return (scale * rng.standard_normal(shape)).astype(np.float32)


class OpCases:
    """Collects cases; each is computed in float64 and checked before it is stored."""

    def __init__(self):
        self.tensors = {}
        self.parameters = {}

    def add(self, name, op, inputs, reference=None, **parameters):
        """op and reference (another way to the same result) take the inputs in order."""
        arguments = [self._argument(array) for array in inputs.values()]
        y = op(*arguments)
        if reference is not None:
            torch.testing.assert_close(reference(*arguments), y, rtol=1e-11, atol=1e-11)
        assert torch.autograd.gradcheck(op, arguments, eps=1e-6, rtol=1e-5, atol=1e-7), name

        dy = normal(generator(name + "/dy"), *y.shape)
        floating = {k: a for k, a in zip(inputs, arguments) if a.requires_grad}
        gradients = torch.autograd.grad(y, list(floating.values()), torch.tensor(dy).double())

        for key, array in inputs.items():
            self.tensors[f"{name}/{key}"] = array
        self.tensors[f"{name}/dy"] = dy
        self.tensors[f"{name}/y"] = y.detach().numpy()
        for key, gradient in zip(floating, gradients):
            self.tensors[f"{name}/d{key}"] = gradient.numpy()
        if parameters:
            self.parameters[name] = parameters

    @staticmethod
    def _argument(array):
        if array.dtype == np.int32:
            return torch.tensor(array)
        return torch.tensor(array).double().requires_grad_()


def elementwise(cases):
    """One input, one output of the same shape."""
    unary = {
        "gelu_tanh": (ops.gelu_tanh, lambda x: F.gelu(x, approximate="tanh")),
        "gelu_erf": (ops.gelu_erf, F.gelu),
        "silu": (ops.silu, F.silu),
    }
    extremes = np.array(
        [[-30, -9, -5.5, -4, -1e-4, 0, 1e-4], [4, 5.5, 9, 30, 1, -1, 2]], np.float32
    )
    for name, (op, reference) in unary.items():
        x = normal(generator(name), 3, 7, 33, scale=2)
        cases.add(name, op, {"x": x}, reference)
        cases.add(name + "_extremes", op, {"x": extremes}, reference)

    x = normal(generator("exp"), 3, 7, 33)
    cases.add("exp", torch.exp, {"x": x}, lambda x: math.e**x)
    x = generator("log").uniform(0.1, 5, (3, 7, 33)).astype(np.float32)
    cases.add("log", torch.log, {"x": x}, lambda x: torch.log2(x) * math.log(2))
    x = normal(generator("clamp"), 3, 7, 33)
    low, high = -0.75, 0.5
    # The derivative jumps at the limits: keep clear of them.
    assert np.abs(x - low).min() > 1e-4 and np.abs(x - high).min() > 1e-4
    cases.add(
        "clamp",
        lambda x: torch.where(x < low, low, torch.where(x > high, high, x)),
        {"x": x},
        lambda x: torch.clamp(x, low, high),
        low=low,
        high=high,
    )
    x = normal(generator("swiglu"), 3, 7, 66)
    cases.add("swiglu", ops.swiglu, {"x": x}, lambda x: F.silu(x[..., :33]) * x[..., 33:])


def broadcasting(cases):
    """b is repeated over the leading dimensions of x."""
    for kind, shape in {"vector": [33], "matrix": [7, 33]}.items():
        for name, op in {"add": torch.add, "mul": torch.mul}.items():
            rng = generator(f"{name}_{kind}")
            inputs = {"x": normal(rng, 3, 7, 33), "b": normal(rng, *shape)}
            cases.add(f"{name}_{kind}", op, inputs)


def products(cases):
    """Matrix products."""
    rng = generator("linear")
    inputs = {"x": normal(rng, 3, 7, 33), "weight": normal(rng, 5, 33)}
    cases.add("linear_no_bias", ops.linear, inputs, F.linear)
    inputs = {**inputs, "bias": normal(rng, 5)}
    cases.add("linear", ops.linear, inputs, F.linear)
    rng = generator("matmul")
    inputs = {"a": normal(rng, 3, 7, 33), "b": normal(rng, 3, 33, 5)}
    # Reference: the sum over k written out, with no matrix product in it.
    cases.add(
        "matmul",
        torch.matmul,
        inputs,
        lambda a, b: (a.unsqueeze(-1) * b.unsqueeze(1)).sum(2),
    )


def reductions(cases):
    """Over the last dimension, which disappears; l2_norm is over all elements, a scalar."""
    table = {
        "sum": (lambda x: x.sum(-1), None),
        "mean": (lambda x: x.sum(-1) / x.shape[-1], lambda x: x.mean(-1)),
        "var": (ops.variance, lambda x: x.var(-1, unbiased=False)),
        "l2_norm": (lambda x: (x * x).sum().sqrt(), torch.linalg.vector_norm),
        "l2_norm_last": (lambda x: (x * x).sum(-1).sqrt(), lambda x: x.norm(dim=-1)),
    }
    for name, (op, reference) in table.items():
        x = normal(generator(name), 3, 7, 33) + np.float32(0.5)
        cases.add(name, op, {"x": x}, reference)


def normalisations(cases):
    rng = generator("layer_norm")
    x = normal(rng, 3, 7, 33) + np.float32(0.5)
    weight, bias = normal(rng, 33), normal(rng, 33)
    inputs = {"x": x, "weight": weight, "bias": bias}
    reference = lambda x, weight, bias=None: F.layer_norm(x, (33,), weight, bias, 1e-5)
    cases.add("layer_norm", ops.layer_norm, inputs, reference, epsilon=1e-5)
    inputs = {"x": x, "weight": weight}
    cases.add("layer_norm_no_bias", ops.layer_norm, inputs, reference, epsilon=1e-5)

    def by_layer_norm(x, weight):
        """x followed by -x has the mean 0 and the variance mean(x^2)."""
        return F.layer_norm(torch.cat([x, -x], -1), (66,), None, None, 1e-5)[..., :33] * weight

    cases.add("rms_norm", ops.rms_norm, inputs, by_layer_norm, epsilon=1e-5)


def classification(cases):
    reference = lambda x: F.softmax(x, -1)
    cases.add("softmax", ops.softmax, {"x": normal(generator("softmax"), 3, 7, 33)}, reference)
    x = normal(generator("softmax_extremes"), 3, 33, scale=50)
    cases.add("softmax_extremes", ops.softmax, {"x": x}, reference)

    def losses(logits, targets):
        flat = F.cross_entropy(logits.flatten(0, 1), targets.flatten().long(), reduction="none")
        return flat.view(targets.shape)

    for name, scale in {"cross_entropy": 1.0, "cross_entropy_extremes": 50.0}.items():
        rng = generator(name)
        targets = rng.integers(0, 33, (3, 7), dtype=np.int32)
        targets[0, 0] = targets[1, 3] = targets[2, 5] = targets[2, 6] = -100
        inputs = {"logits": normal(rng, 3, 7, 33, scale=scale), "targets": targets}
        cases.add(name, ops.cross_entropy, inputs, losses, ignore=-100)

    rng = generator("embedding")
    inputs = {"weight": normal(rng, 11, 7), "tokens": rng.integers(0, 11, (3, 7), dtype=np.int32)}
    cases.add("embedding", ops.embedding, inputs, lambda w, t: F.embedding(t.long(), w))


def attention(cases):
    """Rotary positions and causal attention on packed queries, keys and values."""
    layouts = {"mha": (3, 3, 4), "gqa": (4, 2, 6), "mqa": (3, 1, 2)}
    for kind, (heads, kv_heads, size) in layouts.items():
        parameters = {"heads": heads, "kv_heads": kv_heads}
        width = (heads + 2 * kv_heads) * size
        qkv = normal(generator("attention_" + kind), 2, 7, width)
        cases.add(
            "attention_" + kind,
            lambda x: ops.causal_attention(x, heads, kv_heads),
            {"qkv": qkv},
            lambda x: attention_one_query_at_a_time(x, heads, kv_heads),
            **parameters,
        )
        for name, start in {"rope_" + kind: 0, f"rope_{kind}_start_5": 5}.items():
            cases.add(
                name,
                lambda x: ops.rope(x, heads, kv_heads, 10000.0, start),
                {"qkv": normal(generator(name), 2, 7, width)},
                lambda x: rope_by_complex_product(x, heads, kv_heads, start),
                **parameters,
                theta=10000.0,
                start=start,
            )


def attention_one_query_at_a_time(qkv, heads, kv_heads):
    """No mask: query t meets only the keys and values it may see."""
    q, k, v = ops.split_heads(qkv, heads, kv_heads)
    batch, time, _, size = q.shape
    rows = []
    for b in range(batch):
        for t in range(time):
            for h in range(heads):
                group = h // (heads // kv_heads)
                scores = k[b, : t + 1, group] @ q[b, t, h] / math.sqrt(size)
                rows.append(F.softmax(scores, 0) @ v[b, : t + 1, group])
    return torch.stack(rows).view(batch, time, heads * size)


def rope_by_complex_product(qkv, heads, kv_heads, start):
    """The pair (a, b) as the complex number a + ib, turned by multiplying with exp(i angle)."""
    q, k, v = ops.split_heads(qkv, heads, kv_heads)
    time, half = q.shape[1], q.shape[3] // 2
    turned = []
    for x in (q, k):
        pairs = torch.complex(x[..., :half], x[..., half:])
        turns = torch.empty(time, 1, half, dtype=torch.complex128)
        for t in range(time):
            for i in range(half):
                angle = (start + t) / 10000.0 ** (2 * i / (2 * half))
                turns[t, 0, i] = complex(math.cos(angle), math.sin(angle))
        pairs = pairs * turns
        turned.append(torch.cat([pairs.real, pairs.imag], dim=-1))
    return torch.cat([*turned, v], dim=2).reshape(qkv.shape)


def build():
    """(tensors, metadata) of golden/ops.safetensors."""
    cases = OpCases()
    for part in (
        elementwise,
        broadcasting,
        products,
        reductions,
        normalisations,
        classification,
        attention,
    ):
        part(cases)
    return cases.tensors, {"parameters": json.dumps(cases.parameters)}
