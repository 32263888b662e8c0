#!/usr/bin/env python3
"""The same work in PyTorch, measured in the same way. Each command writes one JSON.

    peer.py step --model 1.2b --batch 16 --out step.json      a training step, bf16
    peer.py rates --out rates.json                            matrix products, copies
    peer.py attention --out folder                            cuDNN's attention: log and tensors

A step is one micro-batch forward and backward, the clip by the global norm, and fused AdamW: what
ours does. Every step has other random tokens. `--device cpu` tries the script out where there is no
GPU. Needs PyTorch and nothing else.

Precision:
    autocast       float32 weights, products in bf16 by autocast: PyTorch's usual way, the default
    bf16-weights   bf16 weights, gradients and activations, float32 masters and moments: as ours,
                   but for the gradients of weights, which ours keeps in float32
"""

import argparse
import contextlib
import json
import os
import pathlib
import statistics
import sys
import time

# cuDNN reads these when it is loaded.
if sys.argv[1:2] == ["attention"] and "--out" in sys.argv[:-1]:
    os.environ["CUDNN_LOGLEVEL_DBG"] = "3"
    os.environ["CUDNN_LOGDEST_DBG"] = sys.argv[sys.argv.index("--out") + 1] + "/cudnn.log"

import torch

import peer_model

PEAK = 989e12  # dense bf16 operations a second of an H100 or H200 (SXM), by its data sheet
BATCHES = 4  # different ones, in turn


def versions(device):
    cuda = device == "cuda"
    return {
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "cudnn": torch.backends.cudnn.version() if cuda else None,
        "device": torch.cuda.get_device_name() if cuda else "cpu",
    }


def write(path, result):
    pathlib.Path(path).write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


def copy_all(targets, sources):
    with torch.no_grad():
        if hasattr(torch, "_foreach_copy_"):
            torch._foreach_copy_(targets, sources)
        else:
            for target, source in zip(targets, sources):
                target.copy_(source)


class Clock:
    """Milliseconds between marks, by events on a GPU."""

    def __init__(self, device):
        self.cuda = device == "cuda"
        self.marks = []

    def mark(self):
        if self.cuda:
            event = torch.cuda.Event(enable_timing=True)
            event.record()
            self.marks.append(event)
        else:
            self.marks.append(time.perf_counter())

    def times(self):
        pairs = zip(self.marks, self.marks[1:])
        if not self.cuda:
            return [1e3 * (end - start) for start, end in pairs]
        torch.cuda.synchronize()
        return [start.elapsed_time(end) for start, end in pairs]


# ---- a training step ------------------------------------------------------------------------------


class Step:
    """A model, its optimizer, and one step of training."""

    def __init__(self, options, shape):
        self.model = peer_model.Gpt(shape).to(options.device)
        self.weights = list(self.model.parameters())
        self.masters = self.weights
        self.autocast = contextlib.nullcontext()
        if options.precision == "autocast":
            self.autocast = torch.autocast(options.device, torch.bfloat16)
        else:
            self.model.to(torch.bfloat16)
            self.masters = [weight.detach().float() for weight in self.weights]
            for master in self.masters:
                master.grad = torch.empty_like(master)
        groups = [
            {"params": [w for w in self.masters if w.dim() > 1], "weight_decay": 0.1},
            {"params": [w for w in self.masters if w.dim() == 1], "weight_decay": 0.0},
        ]
        fused = {"fused": True} if options.device == "cuda" else {}
        self.optimizer = torch.optim.AdamW(groups, lr=3e-4, betas=(0.9, 0.95), eps=1e-8, **fused)
        self.attention = peer_model.attention_kernels(options.attention)
        self.loss = self.model

    def run(self, tokens, targets):
        """Returns the loss, which stays on the device."""
        with self.autocast:
            loss = self.loss(tokens, targets)
        loss.backward()
        if self.masters is not self.weights:
            gradients = [master.grad for master in self.masters]
            copy_all(gradients, [weight.grad for weight in self.weights])
        torch.nn.utils.clip_grad_norm_(self.masters, 1.0)
        self.optimizer.step()
        if self.masters is not self.weights:
            copy_all(self.weights, self.masters)
        for weight in self.weights:
            weight.grad = None
        return loss.detach()


def compiled(step, tokens, targets):
    """Compiles the model, runs a step, and says why it could not, if it could not."""
    try:
        step.loss = torch.compile(step.model)
        step.run(tokens, targets)
        return None
    except torch.cuda.OutOfMemoryError:
        raise
    except Exception as error:  # the compiler is a large program, and what it throws is open
        step.loss = step.model
        for weight in step.weights:
            weight.grad = None
        return f"{type(error).__name__}: {error}".strip().splitlines()[0]


def measure_step_that_fits(options):
    """At half the batch, again and again, where the memory does not suffice."""
    while True:
        try:
            return measure_step(options)
        except torch.cuda.OutOfMemoryError:
            if options.batch == 1:
                raise
            print(f"a batch of {options.batch} does not fit", file=sys.stderr)
        options.batch //= 2
        if options.compile:
            torch._dynamo.reset()  # it holds the model
        torch.cuda.empty_cache()  # here, where the exception holds nothing any more
        torch.cuda.reset_peak_memory_stats()


def measure_step(options):
    torch.manual_seed(1)
    torch.set_float32_matmul_precision("high")
    shape = peer_model.SHAPES[options.model]
    size = (BATCHES, 2, options.batch, shape.length)
    # Some tokens come often, as in text.
    batches = (torch.rand(size, device=options.device) ** 4 * shape.vocabulary).long()
    step = Step(options, shape)
    weights, multiplied = step.model.count()
    if shape.weights not in (None, weights):
        sys.exit(f"{options.model} has {weights} weights here and {shape.weights} in the preset")

    not_compiled = "not asked for"
    start = time.perf_counter()
    losses = []
    with step.attention:
        if options.compile:
            not_compiled = compiled(step, *batches[0])
        for i in range(options.warm_up):
            losses.append(step.run(*batches[i % BATCHES]))
        clock = Clock(options.device)
        clock.mark()
        first = time.perf_counter()
        for i in range(options.steps):
            losses.append(step.run(*batches[i % BATCHES]))
            clock.mark()
        times = clock.times()

    tokens = options.batch * shape.length
    median = statistics.median(times)
    rate = tokens / median * 1e3
    flops = shape.flops_per_token(multiplied)
    return {
        "kind": "step",
        "program": "PyTorch " + options.precision,
        "model": options.model,
        "versions": versions(options.device),
        "weights": weights,
        "weights_multiplied": multiplied,
        "batch": options.batch,
        "length": shape.length,
        "tokens": tokens,
        "attention": options.attention,
        "compiled": not_compiled is None,
        "not_compiled": not_compiled,
        "warm_up_seconds": round(first - start, 2),
        "steps": options.steps,
        "milliseconds": median,
        "milliseconds_least": min(times),
        "milliseconds_most": max(times),
        "tokens_per_second": rate,
        "flops_per_token": flops,
        "mfu": {count: each * rate / PEAK for count, each in flops.items()},
        "first_loss": float(losses[0]),
        "last_loss": float(losses[-1]),
        "peak_bytes": torch.cuda.max_memory_allocated() if options.device == "cuda" else None,
        "reserved_bytes": torch.cuda.max_memory_reserved() if options.device == "cuda" else None,
    }


# ---- what the card can do -------------------------------------------------------------------------


def median_time(device, action, repeats):
    for _ in range(3):
        action()
    clock = Clock(device)
    clock.mark()
    for _ in range(repeats):
        action()
        clock.mark()
    return statistics.median(clock.times())


def measure_rates(options):
    """A product of random bf16 matrices (zeros are faster) and a copy within the card's memory."""
    n = options.size
    a, b = (torch.randn(n, n, device=options.device).bfloat16() for _ in range(2))
    c = torch.empty_like(a)
    product = median_time(options.device, lambda: torch.matmul(a, b, out=c), options.repeats)
    # 8192 x 8192 is 128 MiB: the copy is 16 times as large, far beyond any cache.
    source = torch.randn(8 * n * n, device=options.device)
    target = torch.empty_like(source)
    copy = median_time(options.device, lambda: target.copy_(source), options.repeats)
    return {
        "kind": "rates",
        "program": "PyTorch",
        "versions": versions(options.device),
        "size": n,
        "teraflops": 2 * n**3 / product * 1e-9,
        "copied_bytes": 2 * source.numel() * source.element_size(),
        "copy_gigabytes_per_second": 2 * source.numel() * source.element_size() / copy * 1e-6,
    }


# ---- cuDNN's attention, as PyTorch calls it -------------------------------------------------------


def write_safetensors(path, tensors):
    header, blobs, end = {}, [], 0
    for name, tensor in tensors.items():
        tensor = tensor.detach().cpu().contiguous()
        blob = bytes(tensor.view(torch.uint8).flatten().tolist())
        kind = {torch.bfloat16: "BF16", torch.float32: "F32"}[tensor.dtype]
        shape = list(tensor.shape)
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [end, end + len(blob)]}
        end += len(blob)
        blobs.append(blob)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    pathlib.Path(path).write_bytes(len(text).to_bytes(8, "little") + text + b"".join(blobs))


def dump_attention(options):
    """Forward and backward, causal, q, k, v (B, H, T, D) as views of packed (B, T, 3, H, D)."""
    torch.manual_seed(1)
    b, h, t, d = 2, 4, 256, 64
    packed = torch.randn(b, t, 3, h, d, device=options.device).bfloat16().requires_grad_()
    do = torch.randn(b, t, h, d, device=options.device).bfloat16()
    with peer_model.attention_kernels("cudnn" if options.device == "cuda" else "auto"):
        q, k, v = (x.transpose(1, 2) for x in packed.unbind(2))
        o = peer_model.attend(q, k, v).transpose(1, 2)
        o.backward(do)
    q, k, v = (x.transpose(1, 2).double() for x in packed.detach().unbind(2))
    exact = peer_model.attend(q, k, v).transpose(1, 2)
    error = float((o.double() - exact).norm() / exact.norm())
    out = pathlib.Path(options.out)
    tensors = {"packed": packed, "o": o, "do": do, "dpacked": packed.grad}
    write_safetensors(out / "cudnn-attention.safetensors", tensors)
    log = out / "cudnn.log"
    return {
        "kind": "attention",
        "program": "PyTorch",
        "versions": versions(options.device),
        "shape": {"batch": b, "heads": h, "length": t, "head_size": d},
        "error_against_float64": error,
        "log_bytes": log.stat().st_size if log.exists() else 0,
    }


def options_of(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    common.add_argument("--out", required=True)
    step = commands.add_parser("step", parents=[common])
    step.add_argument("--model", choices=peer_model.SHAPES, required=True)
    step.add_argument("--batch", type=int, required=True)
    step.add_argument("--warm-up", type=int, default=4)
    step.add_argument("--steps", type=int, default=20)
    step.add_argument("--precision", choices=("autocast", "bf16-weights"), default="autocast")
    step.add_argument("--attention", choices=("auto", "flash", "cudnn"), default="auto")
    step.add_argument("--no-compile", dest="compile", action="store_false")
    rates = commands.add_parser("rates", parents=[common])
    rates.add_argument("--size", type=int, default=8192)
    rates.add_argument("--repeats", type=int, default=10)
    commands.add_parser("attention", parents=[common])
    options = parser.parse_args(arguments)
    if options.device == "cuda" and not torch.cuda.is_available():
        sys.exit("PyTorch sees no GPU here; --device cpu tries the script out without one")
    return options


def main():
    options = options_of(sys.argv[1:])
    if options.command == "step":
        write(options.out, measure_step_that_fits(options))
    elif options.command == "rates":
        write(options.out, measure_rates(options))
    else:
        pathlib.Path(options.out).mkdir(parents=True, exist_ok=True)
        write(pathlib.Path(options.out) / "attention.json", dump_attention(options))


if __name__ == "__main__":
    main()
