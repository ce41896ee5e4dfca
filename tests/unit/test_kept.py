"""What follows from a scenario's content is worked out once, and shared by content alone."""

from dataclasses import replace

from mobilize.scenario import by_content, forget, load


def counted(most=4):
    made = []

    @by_content(most)
    def title(scenario, *given, **beside):
        made.append((scenario.title, *given))
        return [scenario.title, *given]

    return title, made


def test_scenarios_of_the_same_content_share_an_answer_and_others_do_not():
    title, made = counted()
    scenario = load("artillery-2022")
    twin, other = replace(scenario), replace(scenario, title="Another")
    assert twin is not scenario
    assert title(scenario) is title(twin)
    assert title(other) == ["Another"]
    assert len(made) == 2


def test_further_arguments_count_and_those_given_by_name_do_not():
    title, made = counted()
    scenario = load("artillery-2022")
    assert title(scenario, 1, beside=object()) is title(scenario, 1, beside=object())
    assert title(scenario, 2) == [scenario.title, 2]
    assert len(made) == 2


def test_an_answer_that_is_none_is_kept_too():
    made = []

    @by_content()
    def nothing(scenario):
        made.append(scenario)

    scenario = load("artillery-2022")
    assert (nothing(scenario), nothing(scenario)) == (None, None)
    assert len(made) == 1


def test_the_longest_unused_is_forgotten_first():
    title, made = counted(most=2)
    scenario = load("artillery-2022")
    for n in (1, 2, 1, 3, 1, 2):
        title(scenario, n)
    assert [n for _, n in made] == [1, 2, 3, 2]


def test_what_is_forgotten_is_made_again_and_others_are_kept():
    title, made = counted()
    scenario = load("artillery-2022")
    other = replace(scenario, title="Another")
    title(scenario)
    title(scenario, 1)
    kept = title(other)
    forget(replace(scenario))
    assert title(other) is kept
    assert len(made) == 3
    title(scenario, 1)
    assert len(made) == 4
