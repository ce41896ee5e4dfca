"""All rules that look beyond one cell, in the order they are applied."""

from collections.abc import Iterator
from itertools import islice

from mobilize.scenario import challengers, conflicts, happenings, identity, network, plans, programs
from mobilize.scenario.draft import Draft, Rule
from mobilize.scenario.faults import Fault
from mobilize.scenario.read import MOST_FAULTS

RULES: tuple[Rule, ...] = (
    identity.references,
    identity.repeated_rows,
    identity.ids_shared_by_tables,
    identity.known_sources,
    identity.modelling_choices,
    identity.provenance_targets,
    identity.hindcast_targets,
    identity.the_lead_is_at_home,
    network.cyclic_bom,
    network.routes_bring_what_is_needed,
    network.missing_routes,
    network.shares,
    network.tiers,
    network.routes_of_unqualified_lines,
    network.start_balance,
    plans.rate_order,
    plans.unqualified_lines_stand_still,
    plans.projects_fit_their_lines,
    plans.projects_take_time,
    plans.parameter_ranges,
    plans.the_calendar_ends,
    plans.hindcast_dates,
    plans.constraint_dates,
    plans.conflict_dates,
    plans.wars_fall_in_the_run,
    plans.objective_dates,
    plans.repeated_entries,
    plans.settings_name_programs,
    happenings.disturbance_dates,
    happenings.disturbance_targets,
    happenings.severities,
    happenings.event_dates,
    happenings.triggers,
    happenings.event_effects,
    happenings.hazard_targets,
    programs.parts_of_their_kind,
    programs.whole_programs,
    programs.shares_of_a_whole,
    programs.fleets_in_numbers,
    programs.depots_at_home,
    programs.leaders_pay,
    programs.milestones_start_options,
    programs.developments_buy_nothing,
    conflicts.uses_have_one_form,
    conflicts.phases_follow_an_outbreak,
    conflicts.phases_are_named_once,
    conflicts.plans_are_cited,
    conflicts.one_reference,
    conflicts.substitutes_are_others,
    conflicts.substitutes_are_fired,
    conflicts.substitutes_stand_in_for_what_is_used,
    challengers.challengers_are_countries,
    challengers.challengers_have_a_reference,
)


def violations(draft: Draft) -> Iterator[Fault]:
    """Apply every rule to a scenario as read."""
    for rule in RULES:
        yield from islice(rule(draft), MOST_FAULTS)
