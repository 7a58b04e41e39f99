"""The headline of the pool's page: the answer to a search, in words."""

from collections.abc import Sequence

from recruiter.talent_pool.matching import Tally

_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905 - easier to read


def of_list(total: int, people: int, *, narrowed: bool) -> tuple[str, ...]:
    """Return what the list without a job says; ``people`` of ``total`` match when it is narrowed."""
    if not total:
        return ("Nobody has joined yet.",)
    if narrowed:
        return (f"{_people(people, 'matches', 'match')} your search.",) if people else ("No one matches your search.",)
    return (f"{_people(total, 'is', 'are')} in the pool.",)


def of_match(tallies: Sequence[Tally], must_haves: int) -> tuple[str, ...]:
    """Return who meets the most of so many must-haves, in one or two sentences."""
    if not must_haves:
        return ("No must-haves to search with.", "Everybody in the pool is listed.")
    best = max((tally.met for tally in tallies), default=0)
    people = sum(tally.people for tally in tallies if tally.met == best)
    every = "the must-have" if must_haves == 1 else f"all {_number(must_haves)} must-haves"
    if best == must_haves:
        return (f"{_people(people, 'has', 'have')} {every}.",)
    if best == 0:
        return (
            f"Nobody has {every}." if must_haves == 1 else f"Nobody has any of the {_number(must_haves)} must-haves.",
        )
    return (f"Nobody has {every}.", f"{_people(people, 'has', 'have')} {_number(best)}.")


def _people(count: int, one: str, many: str) -> str:
    return f"1 person {one}" if count == 1 else f"{count:,} people {many}"


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)
