"""A scenario with a reference conflict and a challenger, for tests of deterrence."""

import shutil
from pathlib import Path

from mobilize.scenario import Scenario, load
from mobilize.scenario.load import SHIPPED

WAR = """
[[conflict]]
id = "strait"
name = "War over the strait"
outbreak = "attack"
need_days = 21
source = "MODEL"
confidence = "notional"

[[conflict.phase]]
name = "opening"
months = 2
"""
USE = """
[[conflict.use]]
program = "{program}"
phase = "opening"
per_day = {per_day}
source = "MODEL"
confidence = "notional"
"""
CHALLENGER = """
[challenger]
country = "{country}"
acts = {acts}
mindset = "{mindset}"
near = "{near}"
source = "MODEL"
confidence = "notional"
"""
ARSENAL = {"us-lrasm": 21, "us-jassm-er": 90, "us-sm6": 20, "us-pac3-mse": 30}


def add_war(
    folder: Path, uses: dict[str, float], acts: bool | None = True, mindset: str = "drawn",
    country: str = "CN", near: str = "TW",
) -> Path:  # fmt: skip
    """Add the war, and unless `acts` is None a challenger, to a scenario folder."""
    text = WAR + "".join(USE.format(program=p, per_day=d) for p, d in uses.items())
    if acts is not None:
        flag = "true" if acts else "false"
        text += CHALLENGER.format(country=country, acts=flag, mindset=mindset, near=near)
    path = folder / "scenario.toml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    return folder


def arsenal(folder: Path, acts: bool | None = True, mindset: str = "drawn") -> Scenario:
    """Return the default scenario with this war and challenger for its own, from a new folder."""
    return load(add_war(peaceful(folder), ARSENAL, acts, mindset))


def peaceful(folder: Path) -> Path:
    """Write the default scenario without reference war and challenger to a new folder."""
    shutil.copytree(SHIPPED / "arsenal-2026", folder)
    path = folder / "scenario.toml"
    text = path.read_text(encoding="utf-8")
    first, last = text.index('[[conflict]]\nid = "strait"'), text.index("[[set]]")
    path.write_text(text[:first] + text[last:], encoding="utf-8")
    return folder
