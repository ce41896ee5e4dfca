"""Reading text files that may be anything at all."""

import re
from pathlib import Path

from mobilize.scenario.faults import Fault

LARGEST_FILE = 100_000_000
"""Bytes beyond which a file is refused unread."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_text(path: Path) -> str | Fault:
    """Read a UTF-8 file, with or without byte-order mark; a fault if it is no such file."""
    try:
        if not path.exists():
            return Fault(path.name, None, None, "the file is missing", f"a file {path.name}")
        if not path.is_file():
            return Fault(path.name, None, None, "this is not a file", "a UTF-8 text file")
        if path.stat().st_size > LARGEST_FILE:
            problem = f"the file has {path.stat().st_size:,} bytes"
            return Fault(path.name, None, None, problem, f"{LARGEST_FILE:,} bytes at most")
        return _decoded(path.name, path.read_bytes())
    except OSError as error:
        problem = f"the file cannot be read: {error.strerror or error}"
        return Fault(path.name, None, None, problem, "a file you may read")


def _decoded(name: str, data: bytes) -> str | Fault:
    remedy = "UTF-8 text (a spreadsheet saves it as 'CSV UTF-8')"
    if data.startswith(_UTF16):
        return Fault(name, 1, None, "the file is UTF-16", remedy)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problem = f"byte {error.start + 1} (0x{data[error.start]:02X}) is not UTF-8"
        return Fault(name, line, None, problem, remedy)
    control = _CONTROL.search(text)
    if control is None:
        return text
    line = text.count("\n", 0, control.start()) + 1
    code = ord(control[0])
    what = "a NUL byte" if code == 0 else f"a control character (0x{code:02X})"
    return Fault(name, line, None, f"the line holds {what}", "plain text")
