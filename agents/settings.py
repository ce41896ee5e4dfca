"""Levers that a rule of responses sets, beside those of the policy."""

from __future__ import annotations

from agents.rules import Rule
from agents.sights import Told
from mobilize.network import RATINGS
from mobilize.terms import DX_TOKENS
from mobilize.world import Made, World
from policies.effects import make
from policies.levers import OFF, Lever, Value, catalogue
from policies.package import Setting
from policies.targets import targets

DX = RATINGS.index("DX")


def set_lever(
    world: World, rule: Rule, lever: str, target: int, value: Value, who: str, why: Told
) -> bool:
    """Set a lever at a target (its position), unless it must be left alone; return whether."""
    known = catalogue()[lever]
    name = target_name(world, known, target)
    if name not in targets(known, world.scenario) or left_alone(world, known, name):
        return False
    setting = Setting(world.scenario.start + world.month, lever, name, value)
    shown = value if isinstance(value, str) else f"{value:,.2f}"
    make(world, setting, who, f"{lever} = {shown}. {why}", rule.name, rule.delay)
    return True


def target_name(world: World, lever: Lever, target: int) -> str:
    """Return the id of what a lever is aimed at."""
    return str(getattr(world.names, lever.target)[target])


def left_alone(world: World, lever: Lever, target: str) -> bool:
    """Return whether the policy has set a lever at a target, or a rule's setting still holds.

    A lever that only acts once, such as money, holds no longer when it has acted.
    """
    made = settings_at(world, lever.name, target)
    if any(not m.rule for m in made):
        return True
    if not made or made[-1].setting.value == OFF:
        return False
    once = all(move.how == "act" for move in (*lever.moves, *lever.side))
    return not once or made[-1].due > world.month


def settings_at(world: World, lever: str, target: str) -> list[Made]:
    """Return the settings made of a lever at a target, in their order."""
    return [m for m in world.made if m.setting.lever == lever and m.setting.target == target]


def ended_by(world: World, rule: Rule, lever: str, target: int, who: str, why: Told) -> bool:
    """End what a rule has set of a lever at a target; return whether there was anything."""
    name = target_name(world, catalogue()[lever], target)
    made = settings_at(world, lever, name)
    if not made or not made[-1].rule or made[-1].setting.value == OFF:
        return False
    end = Setting(world.scenario.start + world.month, lever, name, OFF)
    make(world, end, who, f"{lever} = {OFF}. {why}", rule.name, rule.delay)
    return True


def tokens_left(world: World) -> float:
    """Return the DX tokens that nobody holds and no setting on its way will take."""
    coming = sum(m.due > world.month and uses_token(m) for m in world.made)
    held = int((world.s.rating == DX).sum())
    return float(world.s.of_base[DX_TOKENS]) - held - coming


def uses_token(made: Made) -> bool:
    """Return whether a setting takes a DX token once it has effect."""
    setting = made.setting
    machines = setting.lever == "dx-on-plant-equipment" and setting.value != OFF
    return machines or (setting.lever == "dpas-rating" and setting.value == "DX")
