"""Changes and findings made by hand, one of every kind a report has to show."""

from __future__ import annotations

from datetime import date

from schemagen.check.accepted import Accepted
from schemagen.check.changes import CallSite, Change, Level, Place, Side
from schemagen.check.fingerprints import change_fingerprint
from schemagen.check.report import Finding, Report, judge
from schemagen.model.contract import Origin

TODAY = date(2026, 11, 25)

NARROWED = Change(
    rule="arg_narrowed",
    levels={"python": Level.WIRE, "typescript": Level.WIRE},
    side=Side.ARGS,
    at="contacts.list(stage)",
    says='a deployed client may send {"stage": "prospect"}, which is now refused',
    fix='go on accepting "prospect", or add a function beside this one',
    functions=("contacts.list",),
    witness={"stage": "prospect"},
    old='"lead" | "prospect" | "won"',
    new='"lead" | "won"',
    origin=Origin("backend/contacts.py", 2, 26),
    call_sites=(
        CallSite("web", Place("web/src/app.ts", 31, 18), "contacts.list(stage)"),
        CallSite("worker", Place("worker/jobs.py", 88, 12), "contacts.list(stage)"),
    ),
    clients=("mobile@3.1.0", "mobile@3.2.0"),
)

REMOVED = Change(
    rule="function_removed",
    levels={"python": Level.WIRE, "typescript": Level.WIRE},
    side=Side.FUNCTION,
    at="contacts.merge",
    says="contacts.merge is gone: whoever calls it gets an error",
    fix="keep it, deprecated, until no client calls it",
    functions=("contacts.merge",),
    old="mutation",
    clients=(),
)

STORED = Change(
    rule="constraint_tightened",
    levels={"python": Level.DATA, "typescript": Level.DATA},
    side=Side.STORED,
    at="Contact.age",
    says="a stored document may hold 150, which its type rules out now: 50%\nof them, say",
    fix="write a migration",
    functions=tuple(f"contacts.f{number}" for number in range(10)),
    witness=150,
    old="int",
    new="int, le 120",
    unsure=True,
    origin=Origin("backend/schema.py", 7),
)

NULLED = Change(
    rule="value_added",
    levels={"python": Level.WIRE, "typescript": Level.SOURCE},
    side=Side.RETURNS,
    at="contacts.get",
    says="a client may receive null, which it does not expect",
    fix="raise an error instead",
    functions=("contacts.get",),
    witness=None,
    old="Contact",
    new="Contact | None",
    origin=Origin("backend/a,b:c.py", 3, 5),
)

MANY = Change(
    rule="type_renamed",
    levels={"python": Level.SOURCE, "typescript": Level.SOURCE},
    side=Side.TYPE,
    at="Contact",
    says="Contact is now called Person: imports of the old name do not compile",
    fix="keep the old name as an alias",
    old="Contact",
    new="Person",
    origin=Origin("backend/schema.py", 4, 1),
    call_sites=tuple(CallSite("web", Place(f"web/src/a_{n}.ts", n, 1), "Contact") for n in range(1, 8)),
)

ADDED = Change(
    rule="function_added",
    levels={"python": Level.SAFE, "typescript": Level.SAFE},
    side=Side.FUNCTION,
    at="contacts.search",
    says="contacts.search is new",
    fix="",
    functions=("contacts.search",),
    new="query",
    origin=Origin("backend/contacts.py", 9, 1),
)

CHANGES = (ADDED, MANY, NULLED, STORED, REMOVED, NARROWED)

ACCEPTED = Accepted(
    change_fingerprint(STORED),
    "nobody is older than 120",
    date(2027, 1, 31),
    "Contact.age",
    place=Place("a.toml", 1, 1),
)

FINDINGS = (
    Finding("base_missing", "no git repository: compared with nothing", "say --base contract.json", fails=False),
    Finding(
        "consumer_type",
        'Property "phone" does not exist on type "Contact"',
        "adapt the consumer, or keep what it uses",
        place=Place("web/src/app.ts", 12, 3),
    ),
    Finding("stale", "1 generated file is stale", "run `schemagen build`", detail="types.py: stale\n  -a\n  +b"),
)

LINES = {
    ("backend/contacts.py", 2): "async def list_(ctx, *, stage: Stage) -> list[Contact]:",
    ("backend/schema.py", 7): "\tage: Annotated[int, Le(120)]",
    ("web/src/app.ts", 12): "  contact.phone",
}


def source(file: str, line: int) -> str:
    return LINES.get((file, line), "")


def everything() -> Report:
    judged = judge(CHANGES, accepted=(ACCEPTED,), today=TODAY)
    return Report("git:main (0123456)", "the working tree", judged, FINDINGS, ("valid: 3 functions, 1 table",))


def nothing() -> Report:
    return Report("git:main (0123456)", "the working tree")
