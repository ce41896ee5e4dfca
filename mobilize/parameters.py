"""The model's own numbers, from ``scenario/parameters.csv``, as the kernels take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mobilize.scenario import Scenario


class Parameters(NamedTuple):
    """Values by name; units, ranges and sources stand in ``scenario/parameters.csv``."""

    cover: float
    stock_adjust: float
    pipeline_weight: float
    forecast_smooth: float
    plan_smooth: float
    contract_view: float
    training: float
    attrition: float
    hire_limit: float
    burst_aversion: float
    overtime: float
    layoff: float
    wage: float
    experience: float
    price_elasticity: float
    price_ceiling: float
    price_smooth: float
    patience: float
    civil_leave: float
    confidence_annual: float
    confidence_multiyear: float
    confidence_framework: float
    confidence_civil: float
    invest_wait: float
    invest_step: float
    invest_build: float
    invest_equip: float
    invest_qualify: float
    invest_spread: float
    capex_ratio: float
    exit_wait: float
    exit_confidence: float
    licence_time: float
    agreement_time: float
    incident_rate: float
    incident_loss: float
    incident_months: float
    incident_recovery: float
    honor_base: float
    honor_alignment: float
    honor_sosa: float
    honor_code: float
    honor_need: float
    honor_neutral: float
    trust_memory: float
    resource_step: float
    late_book: float
    code_coverage: float
    sosa_assured: float
    honor_legal: float
    trust_denied: float
    dx_tokens: float
    exempt_canada: float
    exempt_aukus: float
    licence_headroom: float
    licence_capacity: float
    agreement_load: float
    denial_rate: float
    denial_time: float
    leak_rate: float
    leak_freeze: float
    knowledge: float
    price_factor: float
    site_ceiling: float
    fms_offer: float
    fms_notify: float
    fms_review: float
    fms_award: float
    dcs_award: float
    multiyear_saving: float
    framework_saving: float
    grant_step: float
    grant_fund: float
    grant_build: float
    grant_equip: float
    grant_qualify: float
    leverage: float
    free_riding: float
    backlash_denial: float
    backlash_award: float
    backlash_decay: float
    backlash_limit: float
    backlash_cut: float
    hostile_rate: float
    hostile_loss: float
    attack_surface: float
    partner_load: float
    depot_law: float
    battle_repairable: float
    swing_distance: float
    bad_year: float
    bad_years: float
    takeover: float
    fallen: float
    recover_share: float
    recover_alternate: float
    recover_commercial: float
    recover_source: float
    recover_energetics: float
    recover_component: float
    recover_assembly: float
    recover_material: float
    need_smooth: float
    lend_floor: float
    lend_floor_front: float
    lend_months: float
    lend_need: float
    repay_above: float
    lend_trust: float
    ask_trust: float
    deny_trust: float
    promise_memory: float
    replenish_days: float
    replenish_longest: float
    fires_longest: float
    delivery_memory: float
    motivation_decay: float
    visibility_floor: float
    steps_at_once: float
    sight: float


def parameters(scenario: Scenario) -> Parameters:
    """Return the parameters of a scenario: the defaults, with the scenario's own values."""
    table = scenario.tables["parameters"]
    values = dict(zip(table["name"], table["value"], strict=True))
    return Parameters(**{name: float(values[name]) for name in Parameters._fields})
