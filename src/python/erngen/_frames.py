"""Between what users have - arrays [frames, features] or [sequences, frames, features], or lists of arrays - and frames with lengths."""
from __future__ import annotations

from typing import Any, Callable, List, Sequence, Tuple, Union

import numpy as np

from .errors import InputError

#: [frames, features] for one sequence, [sequences, frames, features] for several of equal length, or a list of [frames, features].
Input = Union[np.ndarray, Sequence[np.ndarray]]
Output = Union[np.ndarray, List[np.ndarray]]


def as_numpy(x: Any) -> np.ndarray:
    """Arrays, tensors of any device, and nested lists."""
    detach = getattr(x, "detach", None)
    return np.asarray(detach().cpu().numpy() if detach else x)


def as_frames(x: Input, what: str = "input") -> Tuple[np.ndarray, List[int], Callable[[np.ndarray], Output]]:
    """(frames [all frames, features] as float32, lengths of the sequences, what brings an array [all frames, ...] into the form of x)."""
    if isinstance(x, (list, tuple)) and len(x) and all(np.ndim(as_numpy(s)) == 2 for s in x):
        parts = [_floats(s, what) for s in x]
        if len({s.shape[1] for s in parts}) != 1:
            raise InputError(f"{what}: sequences have frames of different widths: {sorted({s.shape[1] for s in parts})}")
        lengths = [len(s) for s in parts]
        if 0 in lengths:
            raise InputError(f"{what}: sequence {lengths.index(0)} has no frame")
        ends = np.cumsum(lengths)[:-1]
        return np.concatenate(parts), lengths, lambda y: np.split(y, ends)
    array = _floats(x, what)
    if array.ndim not in (2, 3) or 0 in array.shape:
        raise InputError(f"{what}: has shape {array.shape}; [frames, features] or [sequences, frames, features] is expected")
    if array.ndim == 2:
        return array, [len(array)], lambda y: y
    sequences, length, features = array.shape
    return array.reshape(-1, features), [length] * sequences, lambda y: y.reshape(sequences, length, *y.shape[1:])


def _floats(x: Any, what: str) -> np.ndarray:
    array = as_numpy(x)
    if array.dtype.kind not in "fiub":
        raise InputError(f"{what}: has elements of type {array.dtype}; numbers are expected")
    array = np.ascontiguousarray(array, np.float32)
    if not np.isfinite(array).all():
        raise InputError(f"{what}: has values that are not finite numbers")
    return array
