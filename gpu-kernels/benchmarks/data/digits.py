"""Writes the bundled digits as two gzip IDX files.

Input: digits.csv.gz of scikit-learn (1,797 lines of 64 pixels in 0..16 and a class).
Pixels are stored as round(255 v / 16); v = round(16 pixel / 255) gives the original back.

    python3 -m pip download --no-deps scikit-learn==1.9.1
    unzip scikit_learn-*.whl sklearn/datasets/data/digits.csv.gz
    python3 digits.py sklearn/datasets/data/digits.csv.gz ../../src/main/resources/spindle/train/data
"""

import gzip
import hashlib
import pathlib
import struct
import sys

SHA256 = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"


def write(path, header, body):
    # No name and no time in the gzip header: the same input gives the same file.
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write(header)
        out.write(body)
    print(hashlib.sha256(path.read_bytes()).hexdigest(), path)


def main(source, folder):
    packed = pathlib.Path(source).read_bytes()
    found = hashlib.sha256(packed).hexdigest()
    if found != SHA256:
        sys.exit(f"{source}: SHA-256 expected {SHA256}, found {found}")
    lines = gzip.decompress(packed).decode("ascii").split()
    rows = [[int(v) for v in line.split(",")] for line in lines]
    assert all(len(r) == 65 and max(r[:64]) <= 16 for r in rows)
    pixels = bytes((255 * v + 8) // 16 for r in rows for v in r[:64])
    labels = bytes(r[64] for r in rows)
    folder = pathlib.Path(folder)
    write(folder / "digits-images-idx3-ubyte.gz", struct.pack(">4i", 0x803, len(rows), 8, 8), pixels)
    write(folder / "digits-labels-idx1-ubyte.gz", struct.pack(">2i", 0x801, len(rows)), labels)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
