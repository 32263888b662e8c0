"""Writes the golden files that the Java code is tested against, or checks the committed ones.

    python3 make_golden.py            write them, print sizes and SHA-256
    python3 make_golden.py --check    compute them again and compare, write nothing
"""

import os

# The last bits of a float64 sum depend on the instruction set and the number of threads: fix both,
# before the libraries load, so that equal versions give equal bytes on any x86-64 with AVX2.
os.environ.update(
    OPENBLAS_CORETYPE="Haswell",
    OPENBLAS_NUM_THREADS="1",
    OMP_NUM_THREADS="1",
    ATEN_CPU_CAPABILITY="avx2",
)

import hashlib
import pathlib
import platform
import sys

import numpy as np
import torch

import gains
import gpt_cases
import losses
import op_cases
import tensorfile

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "src/test/resources/golden"
MODELS = {"gpt2": gpt_cases.GPT2, "llama": gpt_cases.LLAMA}
LIMIT = 2_000_000  # bytes, all files together


def build():
    """{file name: (tensors, metadata)}."""
    files = {"ops": op_cases.build(), "losses": losses.build(), "gains": gains.build()}
    for name, config in MODELS.items():
        files[name] = gpt_cases.build(name, config)
    return {name + ".safetensors": content for name, content in files.items()}


def difference(tensors, other):
    """Largest difference of two sets of tensors, relative to each tensor's largest magnitude.
    Infinite when they differ in names, types or shapes; not a number when a value is not one."""
    if signature(tensors) != signature(other):
        return float("inf")
    gaps = []
    for name, array in tensors.items():
        a, b = array.astype(np.float64), other[name].astype(np.float64)
        gaps.append(np.abs(a - b).max() / (np.abs(a).max() or 1.0))
    return np.max(gaps)


def signature(tensors):
    return {name: (array.dtype, array.shape) for name, array in tensors.items()}


def check(name, content, data):
    """Says how the committed file compares; True when it is equal up to rounding."""
    path = FOLDER / name
    if not path.exists():
        print(f"{name}: missing; run without --check to write it")
        return False
    committed = path.read_bytes()
    if committed == data:
        print(f"{name}: equal bytes")
        return True
    tensors, metadata = tensorfile.decode(committed)
    if metadata != content[1]:
        print(f"{name}: metadata differ")
        return False
    gap = difference(content[0], tensors)
    print(f"{name}: bytes differ, values by at most {gap:.1e} relative")
    return gap < 1e-11


def main():
    checking = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not checking:
        sys.exit(__doc__)
    torch.set_num_threads(1)
    versions = f"NumPy {np.__version__}, PyTorch {torch.__version__}"
    print(f"Python {platform.python_version()}, {versions}")
    files = build()
    for name, (tensors, _) in files.items():
        for key, array in tensors.items():
            assert np.isfinite(array).all(), f"{name}: {key} holds a value that is not finite"
    encoded = {name: tensorfile.encode(*content) for name, content in files.items()}
    assert sum(map(len, encoded.values())) < LIMIT, "the golden files have grown too large"

    if checking:
        results = [check(name, files[name], data) for name, data in encoded.items()]
        sys.exit(0 if all(results) else 1)

    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, data in encoded.items():
        tensors, metadata = tensorfile.decode(data)
        assert metadata == files[name][1] and difference(tensors, files[name][0]) == 0
        (FOLDER / name).write_bytes(data)
        print(f"{hashlib.sha256(data).hexdigest()}  {name}  {len(data):,} bytes")

    print("\nThe models in float32 instead of float64, largest difference over largest magnitude:")
    for name, config in MODELS.items():
        noise = gpt_cases.float32_noise(name, config, files[name + ".safetensors"][0])
        for kind, value in noise.items():
            assert value < 1e-5, f"{name}: {kind} in float32 is off by {value}"
            print(f"  {name:6} {kind:24} {value:.1e}")


if __name__ == "__main__":
    main()
