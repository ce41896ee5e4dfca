import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobilize.scenario import months


def test_months_subtract_across_years():
    assert months.parse("2023-01") - months.parse("2022-12") == 1
    assert months.parse("2022-02") == 2022 * 12 + 1


@given(st.integers(0, 119_999))
def test_a_month_survives_writing_and_reading(month):
    assert months.parse(months.label(month)) == month


@pytest.mark.parametrize(
    "text",
    ["", "2022", "2022-00", "2022-13", "2022-2", "22-02", "2022-02-01", " 2022-02", "Feb-22"],
)
def test_anything_else_is_refused_with_the_remedy(text):
    with pytest.raises(ValueError, match="allowed: YYYY-MM, such as 2022-02"):
        months.parse(text)


def test_digits_of_other_scripts_are_no_months():
    with pytest.raises(ValueError, match="allowed"):
        months.parse("２０２２-02")


@pytest.mark.parametrize("month", [-1, 120_000])
def test_only_four_digit_years_are_written(month):
    with pytest.raises(ValueError, match="allowed"):
        months.label(month)
