"""A month on disk: written whole or not at all, continued bit for bit or refused."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any

import numpy as np

from mobilize import __version__
from mobilize.crises.trouble import Agenda, Trouble
from mobilize.model import Model
from mobilize.record import Record
from mobilize.scenario import Scenario, load
from mobilize.state import State
from mobilize.whole import write_file
from mobilize.world import Decision, Made
from policies.package import Package, Setting, no_package

SERIES = tuple(name for name in Record.__slots__ if name != "months")
META = ("version", "scenario", "policy", "seed", "world", "months", "done", "decisions", "made",
        "unsettled", "troubles", "agenda", "answered")  # fmt: skip
UNREADABLE = (  # what reading damaged bytes may raise
    OSError,
    ValueError,
    KeyError,
    EOFError,
    TypeError,
    SyntaxError,
    OverflowError,
    MemoryError,
    RuntimeError,  # of which NotImplementedError is one
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
Arrays = dict[str, np.ndarray[Any, Any]]


class SaveError(Exception):
    """A saved month that cannot be continued; the text says why and what to do."""


def save(model: Model, path: Path) -> None:
    """Write a model's present month to one file; an older file stays until this one is whole."""
    if model.interventions:
        raise SaveError("a month with a white cell's hand in it is not saved; keep the game's file")
    luck = model.world.luck
    meta = {
        "version": __version__,
        "scenario": model.world.scenario.digest,
        "policy": model.policy.digest,
        "seed": luck.seed,
        "world": luck.world,
        "months": model.months,
        "done": model.month,
        "decisions": [list(d) for d in model.decisions],
        "made": [[*astuple(m.setting), m.month, m.due, m.rule] for m in model.world.made],
        "unsettled": model.world.unsettled,
        "troubles": [astuple(t) for t in model.world.troubles],
        "agenda": asdict(model.world.agenda),
        "answered": [[*key, month] for key, month in model.world.answered.items()],
    }
    series = {f"record_{name}": getattr(model.record, name) for name in SERIES}
    text = np.array(json.dumps(meta, default=float))

    def fill(part: Path) -> None:
        with part.open("wb") as file:  # given a path, numpy would change its suffix
            np.savez(file, meta=text, **model.world.s._asdict(), **series)

    write_file(Path(path), fill)


def resume(path: Path, scenario: Scenario | str, policy: Package | None = None) -> Model:
    """Read a saved month and return a model that continues it bit for bit.

    Raises
    ------
    SaveError
        If the file is damaged, or was saved from another scenario, policy or version.
    """
    scenario = load(scenario) if isinstance(scenario, str) else scenario
    policy = policy or no_package()
    meta, arrays = _read(path)
    for key, mine in (
        ("version", __version__),
        ("scenario", scenario.digest),
        ("policy", policy.digest),
    ):
        if meta[key] != mine:
            raise SaveError(f"{path}: saved with {key} {meta[key]}, this is {mine}; use that one")
    panel = bool(arrays["record_output"].size)
    try:
        model = Model(scenario, policy, meta["seed"], meta["world"], meta["months"], panel)
        _check(arrays, model, meta["done"])
        state = State(**{name: arrays[name] for name in State._fields})
        log = [Decision(*row) for row in meta["decisions"]]
        troubles, agenda = [Trouble(*row) for row in meta["troubles"]], Agenda(**meta["agenda"])
        made = [Made(Setting(*row[:-3]), *row[-3:]) for row in meta["made"]]
        answered = {(rule, who, target): month for rule, who, target, month in meta["answered"]}
    except UNREADABLE as error:
        raise SaveError(f"{path}: damaged ({error}); use an older save") from error
    twin = Model(scenario, policy, meta["seed"], meta["world"], meta["months"], panel, state)
    series = {name: arrays[f"record_{name}"] for name in SERIES}
    twin.record = Record(months=meta["done"], **series)
    twin.world.month, twin.world.log = meta["done"], log
    twin.world.made, twin.world.unsettled = made, meta["unsettled"]
    twin.world.troubles, twin.world.agenda = troubles, agenda
    twin.world.answered = answered
    return twin


def _read(path: Path) -> tuple[dict[str, Any], Arrays]:
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        meta = json.loads(str(arrays.pop("meta")))
        missing = [key for key in META if key not in meta]
    except UNREADABLE as error:
        raise SaveError(f"{path}: not a saved month, or damaged ({error})") from error
    wanted = {*State._fields, *(f"record_{name}" for name in SERIES)}
    missing += sorted(wanted ^ set(arrays))
    if missing:
        raise SaveError(f"{path}: damaged: {', '.join(missing)} missing or unknown")
    return meta, arrays


def _check(arrays: Arrays, model: Model, done: int) -> None:
    """Raise ValueError where an array is not of the size and kind this scenario gives."""
    expected = dict(model.world.s._asdict())
    expected |= {f"record_{name}": getattr(model.record, name) for name in SERIES}
    for name, like in expected.items():
        found = arrays[name]
        if found.shape != like.shape or found.dtype != like.dtype:
            raise ValueError(f"{name} is {found.dtype}{found.shape}, not {like.dtype}{like.shape}")
    if not 0 <= done <= model.months:
        raise ValueError(f"month {done} of {model.months}")
