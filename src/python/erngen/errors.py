"""Exceptions: each has the command's message - what is wrong, its value, its limit and the way out - and its exit code as `kind`."""


class Error(Exception):
    """Whatever erngen refuses or cannot do. `kind` is the exit code that the command has for it (docs/reference/errors.md)."""

    kind = 70


class MismatchError(Error):
    """A comparison failed: simulated hardware, or your own model, computes something else."""

    kind = 1


class UsageError(Error, ValueError):
    """An argument is wrong in itself."""

    kind = 2


class InputError(Error, ValueError):
    """A file or an array is missing, damaged, or of another shape."""

    kind = 3


class UnsupportedError(Error, NotImplementedError):
    """A valid model that erngen refuses to approximate."""

    kind = 4


class CapacityError(Error):
    """The design does not fit the device, or is not fast enough."""

    kind = 5


class OutputError(Error, OSError):
    """A result cannot be written."""

    kind = 6


class ToolError(Error, RuntimeError):
    """An external tool is missing, too old, or failed."""

    kind = 7


class MachineError(Error, RuntimeError):
    """The machine lacks memory, open files or processes."""

    kind = 8


_CLASSES = {c.kind: c for c in (MismatchError, UsageError, InputError, UnsupportedError, CapacityError, OutputError, ToolError, MachineError)}


def of_kind(kind: int, message: str) -> Error:
    """The exception that the library's error of this kind becomes."""
    return _CLASSES.get(kind, Error)(message)
