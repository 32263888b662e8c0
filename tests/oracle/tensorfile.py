"""Reads and writes the safetensors format, by hand, so that the golden files need no package.

The format is three parts, one after the other:

    8 bytes   length of the header, an unsigned little-endian 64-bit integer
    header    JSON: {"__metadata__": {text: text}, name: {"dtype", "shape", "data_offsets"}, ...}
    data      the raw little-endian bytes of every tensor; offsets count from here

Tensors are laid out widest element first and then by name, and the header is padded with spaces to
a multiple of 8, so every tensor starts at a multiple of its element size. The same content always
gives the same bytes.
"""

import json
import struct

import numpy as np

DTYPES = {"F64": np.dtype("<f8"), "F32": np.dtype("<f4"), "I32": np.dtype("<i4")}
NAMES = {dtype: name for name, dtype in DTYPES.items()}


def encode(tensors, metadata):
    """Bytes of a safetensors file. tensors: {name: numpy array}, metadata: {name: text}."""
    header = {"__metadata__": dict(sorted(metadata.items()))}
    offset = 0
    chunks = []
    for name in sorted(tensors, key=lambda n: (-tensors[n].dtype.itemsize, n)):
        array = tensors[name]
        # tobytes() writes row-major order whatever the strides are.
        data = array.astype(array.dtype.newbyteorder("<")).tobytes()
        header[name] = {
            "dtype": NAMES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + len(data)],
        }
        offset += len(data)
        chunks.append(data)
    text = json.dumps(header, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(chunks)


def decode(data):
    """The inverse of encode: (tensors, metadata)."""
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    body = data[8 + length :]
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        flat = np.frombuffer(body[begin:end], DTYPES[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"])
    return tensors, metadata
