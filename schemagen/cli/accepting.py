"""`schemagen check --accept`: a break that is there now is written down as decided, with a reason, until a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from schemagen.check.accepted import Accepted
from schemagen.check.report import Judged, Standing
from schemagen.cli.accepted_file import append_accepted
from schemagen.cli.checkup import Asked, check_project
from schemagen.cli.mistake import CommandError, Mistake, did_you_mean
from schemagen.cli.terminal import Terminal

if TYPE_CHECKING:
    from schemagen.cli.config import Config

_WHY = "an accepted break is reviewed like code, and must not be forgotten"
_EXAMPLE = 'schemagen check --accept <fingerprint> --reason "…" --expires 2027-01-31'


def accept_breaks(
    config: Config,
    base: str | None,
    wanted: tuple[str, ...],
    reason: str | None,
    expires: str | None,
    terminal: Terminal,
    today: date,
) -> None:
    """Add an entry for each break that `wanted` names. Raises `CommandError` if one names none."""
    until = _day(wanted, reason, expires, today)
    checked = check_project(config, Asked(base), terminal, today)
    failing = checked.report.standing(Standing.FAILS)
    chosen = [each for name in wanted for each in _chosen(name, failing)]
    entries = {each.fingerprint: _entry(each, reason or "", until) for each in chosen}
    file = append_accepted(config.root, entries.values())
    for entry in entries.values():
        terminal.say(f"accepted before {until.isoformat()}: {entry.at} ({entry.fingerprint}); see {file.name}")
    terminal.answer({"accepted": [{"fingerprint": entry.fingerprint, "at": entry.at} for entry in entries.values()]})


def _day(wanted: tuple[str, ...], reason: str | None, expires: str | None, today: date) -> date:
    if not wanted or not (reason or "").strip() or expires is None:
        missing = "--accept" if not wanted else "--reason" if not (reason or "").strip() else "--expires"
        raise _mistake(f"{missing} is missing", _WHY, f"say all three: {_EXAMPLE}")
    try:
        day = date.fromisoformat(expires)
    except ValueError:
        raise _mistake(f'--expires "{expires}" is no day', _WHY, "for example --expires 2027-01-31") from None
    if day <= today:
        raise _mistake(f"--expires {expires} is past", "the entry would accept nothing", "name a day to come")
    return day


def _chosen(name: str, failing: tuple[Judged, ...]) -> list[Judged]:
    found = [each for each in failing if name in (each.fingerprint, each.change.at)]
    if found:
        return found
    known = sorted({text for each in failing for text in (each.fingerprint, each.change.at)})
    fix = f"breaks here: {', '.join(known)}" if known else "nothing fails, so there is nothing to accept"
    raise _mistake(
        f'there is no break "{name}" that fails{did_you_mean(name, known)}', "it names what is accepted", fix
    )


def _entry(judged: Judged, reason: str, expires: date) -> Accepted:
    change = judged.change
    return Accepted(judged.fingerprint, reason, expires, change.at, " ".join(change.says.split()))


def _mistake(message: str, why: str, fix: str) -> CommandError:
    return CommandError(Mistake("check_accept", message, why, fix))
