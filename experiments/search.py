from dataclasses import dataclass


@dataclass(frozen=True)
class Search:
    evaluations: int = 0


def read_search(table, scenario, outcomes):
    return None, []
