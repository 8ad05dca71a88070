"""Which functions a deployed client can no longer call, and which it can as long as it sends what is still taken."""

from __future__ import annotations

from schemagen.check.changes import Change, Level, Side
from schemagen.check.mismatches import mismatches


def change(side: Side, *functions: str, python: Level = Level.WIRE, typescript: Level = Level.WIRE) -> Change:
    levels = {"python": python, "typescript": typescript}
    return Change("rule", levels, side, "somewhere", f"the {side} changed", "fix", functions, witness="?")  # type: ignore[arg-type]


def test_a_function_or_result_that_changed_is_refused_and_a_narrowed_argument_is_not() -> None:
    found = mismatches(
        [
            change(Side.FUNCTION, "notes.gone"),
            change(Side.RETURNS, "notes.list", "notes.get"),
            change(Side.ARGS, "notes.add", "notes.get"),
        ],
        "python",
    )
    assert set(found.refused) == {"notes.gone", "notes.list", "notes.get"}
    assert set(found.narrowed) == {"notes.add"}
    assert (found.narrowed["notes.add"].reason, found.narrowed["notes.add"].witness) == (
        "somewhere: the args changed",
        "?",
    )


def test_only_what_breaks_on_the_wire_counts_and_only_in_the_clients_language() -> None:
    changes = [
        change(Side.RETURNS, "notes.list", typescript=Level.SOURCE),
        change(Side.FUNCTION, "notes.add", python=Level.SOURCE, typescript=Level.SAFE),
    ]
    assert set(mismatches(changes, "python").refused) == {"notes.list"}
    assert not mismatches(changes, "typescript")
    assert set(mismatches(changes, None).refused) == {"notes.list"}


def test_new_errors_and_what_could_not_be_proved_refuse_nothing() -> None:
    unsure = Change("rule", {"python": Level.WIRE}, Side.RETURNS, "x", "who knows", "", ("notes.list",), unsure=True)
    assert not mismatches([change(Side.ERRORS, "notes.add"), change(Side.STORED, "notes.add"), unsure], None)
