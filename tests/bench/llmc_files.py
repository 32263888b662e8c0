"""Writes what llm.c's train_gpt2 reads: a checkpoint of random weights and files of random tokens.

    python3 llmc_files.py V T L H C B

Into the current folder, under the names that train_gpt2.c expects. Formats: train_gpt2.c,
gpt2_build_from_checkpoint; llmc/dataloader.h, dataloader_load_shard_.
"""

import array
import os
import random
import sys

HEADER_INTS = 256
VOCABULARY_MULTIPLE = 128  # rows of the token embedding are padded to it


def header(*values):
    return array.array("i", list(values) + [0] * (HEADER_INTS - len(values)))


def write_checkpoint(path, v, t, layers, heads, c, source):
    padded = -(-v // VOCABULARY_MULTIPLE) * VOCABULARY_MULTIPLE
    # A long list of normal numbers, used again and again from where the last weight ended.
    pool = array.array("f", (source.gauss(0, 0.02) for _ in range(1 << 18)))

    def matrix(size):
        begin = source.randrange(len(pool))
        values = pool[begin:]
        while len(values) < size:
            values.extend(pool)
        return values[:size]

    def constant(value, size):
        return array.array("f", [value]) * size

    with open(path, "wb") as file:
        header(20240326, 3, t, v, layers, heads, c, padded).tofile(file)
        for values in (
            matrix(padded * c),  # wte
            matrix(t * c),  # wpe
            constant(1, layers * c),  # ln1w
            constant(0, layers * c),  # ln1b
            matrix(layers * 3 * c * c),  # qkvw
            constant(0, layers * 3 * c),  # qkvb
            matrix(layers * c * c),  # attprojw
            constant(0, layers * c),  # attprojb
            constant(1, layers * c),  # ln2w
            constant(0, layers * c),  # ln2b
            matrix(layers * 4 * c * c),  # fcw
            constant(0, layers * 4 * c),  # fcb
            matrix(layers * 4 * c * c),  # fcprojw
            constant(0, layers * c),  # fcprojb
            constant(1, c),  # lnfw
            constant(0, c),  # lnfb
        ):
            values.tofile(file)


def write_tokens(path, v, count, source):
    with open(path, "wb") as file:
        header(20240520, 1, count).tofile(file)
        array.array("H", (source.randrange(v) for _ in range(count))).tofile(file)


def main():
    v, t, layers, heads, c, b = map(int, sys.argv[1:])
    source = random.Random(1)
    write_checkpoint("gpt2_124M.bin", v, t, layers, heads, c, source)
    folder = "dev/data/tinyshakespeare"
    os.makedirs(folder, exist_ok=True)
    for name in ("train", "val"):
        write_tokens(f"{folder}/tiny_shakespeare_{name}.bin", v, 4 * b * t + 1, source)


main()
