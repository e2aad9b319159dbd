"""Between what users have - arrays [frames, features] or [sequences, frames, features], or lists of arrays - and frames with lengths."""
from __future__ import annotations

from typing import Any, Callable, Dict, List, NamedTuple, Sequence, Union

import numpy as np

from . import _core
from .errors import InputError

#: [frames, features] for one sequence, [sequences, frames, features] for several of equal length, or a list of [frames, features].
Input = Union[np.ndarray, Sequence[np.ndarray]]
Output = Union[np.ndarray, List[np.ndarray]]


def as_numpy(x: Any) -> np.ndarray:
    """Arrays, tensors of any device, and nested lists."""
    detach = getattr(x, "detach", None)
    return np.asarray(detach().cpu().numpy() if detach else x)


class Batch(NamedTuple):
    """Sequences one after another, and the form in which they came."""

    frames: np.ndarray  #: [all frames, features], float32
    lengths: List[int]  #: of the sequences
    form: str  #: "one" for [frames, features], "several" for [sequences, frames, features], "list"

    def restore(self, values: np.ndarray) -> Output:
        """An array [all frames, ...] in the form of the input."""
        if self.form == "list":
            return np.split(values, np.cumsum(self.lengths)[:-1])
        return values if self.form == "one" else values.reshape(len(self.lengths), self.lengths[0], *values.shape[1:])

    def by_length(self, function: Callable[[np.ndarray], np.ndarray]) -> List[np.ndarray]:
        """function([sequences, frames, features]) of the sequences of each length together; its results, sequence by sequence."""
        sequences = np.split(self.frames, np.cumsum(self.lengths)[:-1])
        rows: List[Any] = [None] * len(sequences)
        for length in sorted(set(self.lengths)):
            which = [n for n, sequence in enumerate(sequences) if len(sequence) == length]
            for n, row in zip(which, function(np.stack([sequences[n] for n in which]))):
                rows[n] = row
        return rows

    def last_frames(self, values: np.ndarray) -> np.ndarray:
        """Of an array [all frames, ...] the last frame of each sequence, [sequences, ...]."""
        return values[np.cumsum(self.lengths) - 1]

    def restore_last(self, values: np.ndarray) -> np.ndarray:
        """last_frames(), or of one sequence without an axis of sequences [...]."""
        last = self.last_frames(values)
        return last[0] if self.form == "one" else last


def as_frames(x: Input, what: str = "input") -> Batch:
    """Whatever users have as frames. Raises InputError beginning with `what`."""
    if isinstance(x, (list, tuple)) and len(x) and all(np.ndim(as_numpy(s)) == 2 for s in x):
        parts = [_floats(s, what) for s in x]
        if len({s.shape[1] for s in parts}) != 1:
            raise InputError(f"{what}: sequences have frames of different widths: {sorted({s.shape[1] for s in parts})}")
        lengths = [len(s) for s in parts]
        if 0 in lengths:
            raise InputError(f"{what}: sequence {lengths.index(0)} has no frame")
        return Batch(np.concatenate(parts), lengths, "list")
    array = _floats(x, what)
    if array.ndim not in (2, 3) or 0 in array.shape:
        raise InputError(f"{what}: has shape {array.shape}; [frames, features] or [sequences, frames, features] is expected")
    if array.ndim == 2:
        return Batch(array, [len(array)], "one")
    sequences, length, features = array.shape
    return Batch(array.reshape(-1, features), [length] * sequences, "several")


def compared(network: Any, x: Batch, y: Input) -> Dict[str, Any]:
    """How far a network's outputs for x are from y, outputs of the model that it was made of: in the form of x, or [sequences, outputs]
    of the last frames."""
    got = network.finished(network.run(x.frames, x.lengths), x.lengths)
    if network.last_frame_only:
        wanted = _floats(y, "reference")
        if wanted.ndim == 1:
            wanted = wanted.reshape(len(got), -1)  # of one sequence, or of one output
        if wanted.shape != got.shape:
            raise InputError(f"reference: has shape {wanted.shape}, the outputs of the last frames have {got.shape}")
        return _core.compare(got, wanted)
    if got.shape[1] == 1:  # such as indices of the greatest output
        if isinstance(y, (list, tuple)):
            y = [as_numpy(part)[:, None] if np.ndim(as_numpy(part)) == 1 else part for part in y]
        elif as_numpy(y).ndim == (1 if x.form == "one" else 2):
            y = as_numpy(y)[..., None]
    reference = as_frames(y, "reference")
    if reference.lengths != x.lengths:
        raise InputError(f"reference: has sequences of {reference.lengths} frames, the input has {x.lengths}")
    return _core.compare(got, reference.frames)


def _floats(x: Any, what: str) -> np.ndarray:
    array = as_numpy(x)
    if array.dtype.kind not in "fiub":
        raise InputError(f"{what}: has elements of type {array.dtype}; numbers are expected")
    array = np.ascontiguousarray(array, np.float32)
    if not np.isfinite(array).all():
        raise InputError(f"{what}: has values that are not finite numbers")
    return array
