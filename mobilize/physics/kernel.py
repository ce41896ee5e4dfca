"""How kernels are compiled, and where the result is kept."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def _cache_folder() -> str:
    """Return where compiled kernels are kept: a folder for exactly this source.

    A compiled kernel holds the code of the kernels it calls, also of other files, and numba
    looks only at the file of the caller; so all of them together name the folder.
    """
    here = Path(__file__).parent
    fields = [
        here.parent / f"{name}.py"
        for name in ("month", "network", "parameters", "programs", "state", "terms")
    ]
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
