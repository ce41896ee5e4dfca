"""How kernels are compiled, and how they are handed the arrays.

A kernel works on named tuples of arrays when run as plain Python (``py_func``, the reference
in tests). Compiled, it gets the same fields behind one reference: passing a hundred arrays by
value would make compiling take minutes instead of seconds.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import numba
from numba.core import types
from numba.experimental import structref
from numba.extending import overload

F = TypeVar("F", bound=Callable[..., object])


def _cache_folder() -> str:
    """Return where compiled kernels are kept: a folder for exactly this source.

    A compiled kernel holds the code of the kernels it calls, also of other files, and numba
    looks only at the file of the caller; so all of them together name the folder.
    """
    here = Path(__file__).parent
    fields = [here.parent / f"{name}.py" for name in ("month", "network", "parameters", "state")]
    sources = sorted([*here.glob("*.py"), *fields])
    code = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    home = here if os.access(here, os.W_OK) else Path(tempfile.gettempdir()) / "mobilize"
    return str(home / "__pycache__" / f"kernels-{code}")


config: Any = numba.config  # its settings are made at run time, unknown to type checkers
if not config.CACHE_DIR:
    config.CACHE_DIR = _cache_folder()


def kernel(function: F) -> F:
    """Compile a function without Python objects; keep the result on disk.

    Arithmetic keeps its order (no fast-math), so that equal inputs give equal bytes.
    """
    return cast(F, numba.njit(cache=True, error_model="numpy")(function))


@structref.register
class Fields(types.StructRef):
    """Type of a reference to the fields of a named tuple."""


class Handle(structref.StructRefProxy):
    """A reference as Python holds it: only good for passing to kernels."""


structref.define_boxing(Fields, Handle)  # type: ignore[no-untyped-call]


def _pack(fields):  # type: ignore[no-untyped-def]
    raise NotImplementedError("only in compiled code")


@overload(_pack)
def _pack_compiled(fields):  # type: ignore[no-untyped-def]  # numba compares signatures
    names = fields.fields
    kind = Fields(list(zip(names, fields.types, strict=True)))  # type: ignore[no-untyped-call]
    lines = ["def pack(fields):", "    ref = new(kind)"]
    lines += [f"    ref.{name} = fields.{name}" for name in names]
    scope: dict[str, Any] = {"new": structref.new, "kind": kind}
    exec("\n".join([*lines, "    return ref"]), scope)
    return scope["pack"]


@kernel
def _handle(fields: NamedTuple) -> Any:
    return _pack(fields)  # type: ignore[no-untyped-call]


def handle(fields: Any) -> Any:
    """Return a reference to the fields of a named tuple, for passing to kernels.

    Arrays are shared, not copied: what a kernel changes, the named tuple shows. Without
    compilation (``NUMBA_DISABLE_JIT=1``) the named tuple itself serves.
    """
    return fields if config.DISABLE_JIT else _handle(fields)
