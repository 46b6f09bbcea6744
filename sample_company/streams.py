"""Independent random streams: one per shard and purpose, the same on every run."""

from zlib import crc32

import numpy as np

SHARED = 0  # the key of what all shards have in common; shard k has the key k + 1


def stream(seed: int, shard: int | None, purpose: str) -> np.random.Generator:
    """A generator that depends on nothing but its three arguments; `shard` None is what all shards share."""
    key = SHARED if shard is None else shard + 1
    return np.random.default_rng(np.random.SeedSequence([seed, key, crc32(purpose.encode())]))
