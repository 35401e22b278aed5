"""Whole numbers that add up: the largest remainder method."""

import numpy as np


def whole(shares: np.ndarray, total: int) -> np.ndarray:
    """Return non-negative integers in proportion to `shares` that sum to `total`; same shape.

    Every quota is rounded down and the units left go to the largest remainders; ties go to the first.
    Source: Hamilton's method, e.g. Balinski and Young 1982, Fair Representation, chapter 2.
    """
    shares = np.asarray(shares, dtype=float)
    if shares.sum() <= 0:
        raise ValueError("shares must have a positive sum")
    quota = shares.ravel() * (total / shares.sum())
    result = np.floor(quota + 1e-9).astype(np.int64)
    left = total - int(result.sum())
    result[np.argsort(-(quota - result), kind="stable")[:left]] += 1
    return result.reshape(shares.shape)
