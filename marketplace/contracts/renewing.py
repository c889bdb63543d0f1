"""What a contract would say a year later."""

from dataclasses import replace
from datetime import date

from marketplace.contracts.terms import Terms, first_of


def a_year_later(terms: Terms) -> Terms:
    """The same terms with every day of them a year later."""
    return replace(
        terms,
        starts_on=_next_year(terms.starts_on),
        ends_on=_next_year(terms.ends_on),
        schedule=tuple(
            replace(each, due_from=_next_year(each.due_from), due_on=_next_year(each.due_on))
            for each in terms.schedule
        ),
        price=replace(
            terms.price,
            monthly={
                first_of(_next_year(month)): minor for month, minor in terms.price.monthly.items()
            },
        ),
        advances=tuple(replace(each, on=_next_year(each.on)) for each in terms.advances),
    )


def _next_year(day: date) -> date:
    """The same day of the next year; the last of February after the 29th."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)
