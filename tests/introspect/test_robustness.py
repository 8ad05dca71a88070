"""Whatever a backend looks like, its author gets a report and never one of our tracebacks."""

from __future__ import annotations

import random
import warnings
from pathlib import Path

import pytest

from schemagen.introspect import InvalidBackend, load
from schemagen.model.canonical import from_json, to_json
from tests.conftest import ROOT

FILES = {
    path.name: path.read_text("utf-8")
    for path in [
        *sorted((ROOT / "tests/cases/introspect/backend").glob("*.py")),
        ROOT / "tests/cases/errors/unsupported_type/backend.py",
        ROOT / "tests/cases/errors/ambiguous_union/backend.py",
    ]
}
FRAGMENTS = """
int; str | None; list[; ]; Contact; "Contact"; Id[Contact]; Id[int]; T; Literal['x']; Open[Stage]; None; dict[str, Any]
Annotated[int, Field(ge=1)]; : int; = 3; *; async ; @query; name='x'; Change[int]; Generic[T]; BaseModel; Table; Tree
index('id'); lambda: 1; 1 / 0; print('x'); float('nan'); dict[str]; list[()]; list[int, str]; tuple[()]; -> 3; AppError
""".replace("\n", "; ").split("; ")


def mutated(text: str, chance: random.Random) -> str:
    """The text with some of its words replaced, moved or gone."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 4)):
        row = chance.randrange(len(lines))
        words = lines[row].split(" ")
        at = chance.randrange(len(words))
        match chance.randrange(5):
            case 0:
                del lines[row]
            case 1:
                words[at] = chance.choice(FRAGMENTS)
                lines[row] = " ".join(words)
            case 2:
                words[at] += chance.choice(FRAGMENTS)
                lines[row] = " ".join(words)
            case 3:
                lines.insert(chance.randrange(len(lines)), lines[row])
            case _:
                lines[row] = lines[row].replace(
                    chance.choice(["int", "str", "name", "ctx", "kind"]), chance.choice(FRAGMENTS)
                )
        if not lines:
            return ""
    return "\n".join(lines)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(8))
def test_a_backend_with_words_out_of_place_is_reported_or_read(block: int, tmp_path: Path) -> None:
    backend = tmp_path / "backend"
    backend.mkdir()
    for seed in range(block * 25, block * 25 + 25):
        chance = random.Random(seed)
        name = chance.choice(sorted(FILES))
        for file, text in FILES.items():
            (backend / file).write_text(mutated(text, chance) if file == name else text, "utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                contract = load(backend, tmp_path).contract
            except InvalidBackend as mistakes:
                assert str(mistakes).count("  fix: ") == len(mistakes.diagnostics) > 0, seed
            else:
                assert from_json(to_json(contract)) == contract, seed
