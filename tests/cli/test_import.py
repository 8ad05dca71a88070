"""`schemagen import`: tests/cases/import holds a source, the module it becomes and the notes on what is left out."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from schemagen.introspect import load
from tests.cli.project import Project, Ran
from tests.conftest import ROOT, Golden

pytest.importorskip("datamodel_code_generator")

CASES = sorted(path for path in (ROOT / "tests/cases/import").iterdir() if path.is_dir())


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def source_of(case: Path) -> Path:
    return next(case.glob("source.*"))


def import_case(project: Project, case: Path) -> Ran:
    """The case's files in a folder of their own below `specs/`, imported with its options."""
    folder = project.folder / "specs" / case.name
    shutil.copytree(case, folder, ignore=shutil.ignore_patterns("expected.py", "notes.txt", "options.txt"))
    options = case / "options.txt"
    given = shlex.split(options.read_text()) if options.exists() else []
    source = folder / source_of(case).name
    return project.run("import", str(source), "--out", str(project.folder / f"shop_backend/{case.name}.py"), *given)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_source_becomes_models_that_a_backend_takes_and_returns(shop: Project, case: Path, golden: Golden) -> None:
    ran = import_case(shop, case)
    assert ran.code == 0, ran.err
    made = (shop.folder / f"shop_backend/{case.name}.py").read_text("utf-8")
    golden.check(case / "expected.py", made)
    notes = "".join(f"{line}\n" for line in ran.err.splitlines() if "note:" in line)
    if notes or (case / "notes.txt").exists():
        golden.check(case / "notes.txt", notes)
    check_usable(shop, case.name)


def check_usable(project: Project, module: str) -> None:
    """Every model and alias of a module is an argument and a result of a function, and the SDKs are built."""
    text = (project.folder / f"shop_backend/{module}.py").read_text("utf-8")
    names = [
        line.removeprefix("class ").partition("(")[0].partition(" = ")[0]
        for line in text.splitlines()
        if line.startswith("class ") or (line[:1].isupper() and " = " in line)
    ]
    functions = "".join(
        f"@query\nasync def take{i}(ctx: QueryCtx, *, x: {name}) -> list[{name}]: return [x]\n\n"
        for i, name in enumerate(names)
    )
    head = f"from schemagen import QueryCtx, query\nfrom shop_backend.{module} import {', '.join(names)}\n\n"
    project.write("shop_backend/uses.py", head + functions)
    contract = load(project.folder / "shop_backend", project.folder).contract
    assert len([f for f in contract.functions if f.module == "uses"]) == len(names) > 0
    assert project.run("build").code == 0


# --- again ---

STRIPE = """
    openapi: 3.1.0
    info: {title: Stripe, version: '1'}
    components:
      schemas:
        charge:
          type: object
          required: [amount]
          properties:
            amount: {type: integer}
            currency: {enum: [usd, eur]}
            to: {$ref: '#/components/schemas/account'}
        account: {type: object, properties: {id: {type: string}}}
        unrelated: {type: object, properties: {id: {type: string}}}
"""


@pytest.fixture
def stripe(shop: Project) -> Project:
    """A project that has imported a part of `specs/stripe.yaml`."""
    shop.write("specs/stripe.yaml", STRIPE)
    ran = import_stripe(shop, "--only", "charge", "--prefix", "Stripe")
    assert (ran.code, ran.out) == (0, "imported specs/stripe.yaml: 2 models written to shop_backend/stripe.py\n")
    return shop


def import_stripe(project: Project, *options: str) -> Ran:
    return project.run("import", str(project.folder / "specs/stripe.yaml"), *options)


def written(project: Project) -> str:
    return (project.folder / "shop_backend/stripe.py").read_text("utf-8")


def test_the_bytes_are_the_same_with_every_hash_seed(shop: Project) -> None:
    for case in ("discriminated_unions", "recursion", "all_of", "names"):
        source = source_of(ROOT / "tests/cases/import" / case)
        made = set()
        for seed in ("0", "1", "2"):
            ran = shop.spawn(
                "import", str(source), "--out", "shop_backend/made.py", "--force", env={"PYTHONHASHSEED": seed}
            )
            assert ran.code == 0, ran.err
            made.add((shop.folder / "shop_backend/made.py").read_bytes())
        assert len(made) == 1


def test_importing_again_knows_the_source_and_the_options(stripe: Project) -> None:
    before = written(stripe)
    assert stripe.run("import").out == "fresh: shop_backend/stripe.py, 2 models\n"
    assert import_stripe(stripe).out == "fresh: shop_backend/stripe.py, 2 models\n"
    assert written(stripe) == before


def test_a_changed_source_makes_the_module_stale_and_importing_again_writes_it(stripe: Project) -> None:
    stripe.edit("specs/stripe.yaml", "{type: integer}", "{type: number}")
    before = written(stripe)
    check = stripe.run("import", "--check")
    assert check.code == 1 and written(stripe) == before
    assert "-    amount: int\n" in check.out and "+    amount: float\n" in check.out
    assert "stale: run `schemagen import` and commit what it writes" in check.out
    assert stripe.run("import").code == 0
    assert "amount: float" in written(stripe)
    assert stripe.run("import", "--check").code == 0


def test_other_options_replace_the_ones_that_were_remembered(stripe: Project) -> None:
    assert import_stripe(stripe, "--only", "unrelated").code == 0
    assert "class Unrelated(BaseModel)" in written(stripe) and "Charge" not in written(stripe)
    assert stripe.run("import", "--check").code == 0


def test_a_missing_module_is_stale(stripe: Project) -> None:
    text = written(stripe)
    (stripe.folder / "shop_backend/stripe.py").unlink()
    check = import_stripe(stripe, "--only", "charge", "--prefix", "Stripe", "--check")
    assert (check.code, check.out.splitlines()[0]) == (1, "shop_backend/stripe.py: missing")
    assert import_stripe(stripe, "--only", "charge", "--prefix", "Stripe").code == 0
    assert written(stripe) == text


def test_a_module_that_was_edited_by_hand_is_kept_unless_forced(stripe: Project) -> None:
    stripe.edit("shop_backend/stripe.py", "amount: int", "amount: int = 0")
    edited = written(stripe)
    for options in ((), ("--check",)):
        ran = stripe.run("import", *options)
        assert ran.code == 1 and "error[output_edited]: shop_backend/stripe.py was edited by hand and kept" in ran.err
        assert written(stripe) == edited
    assert stripe.run("import", "--force").code == 0
    assert "amount: int\n" in written(stripe)


def test_a_comment_of_somebody_counts_as_an_edit(stripe: Project) -> None:
    stripe.edit("shop_backend/stripe.py", "amount: int", "amount: int  # cents")
    assert stripe.run("import").code == 1


def test_a_formatter_with_other_settings_is_no_edit(stripe: Project) -> None:
    file = stripe.folder / "shop_backend/stripe.py"
    check_tool(
        "ruff", "format", "--isolated", "--line-length", "40", "--config", "format.quote-style='single'", str(file)
    )
    formatted = written(stripe)
    assert "'usd'," in formatted
    assert stripe.run("import", "--check").code == 0
    assert stripe.run("import").code == 0
    assert written(stripe) == formatted
    stripe.edit("specs/stripe.yaml", "{type: integer}", "{type: number}")
    assert stripe.run("import").code == 0
    assert "amount: float" in written(stripe)


def test_lines_are_as_long_as_the_projects_formatter_has_them(shop: Project) -> None:
    shop.write("specs/stripe.yaml", STRIPE.replace("account: {", "account: {description: " + "word " * 20 + ", "))
    lengths = []
    for width in (60, 100):
        shop.write("ruff.toml", f"line-length = {width}")
        assert import_stripe(shop).code == 0
        lengths.append(max(len(line) for line in written(shop).splitlines() if "word" in line))
    assert lengths[0] <= 60 < lengths[1] <= 100


def test_a_file_of_somebody_else_is_never_overwritten(shop: Project) -> None:
    shop.write("specs/stripe.yaml", STRIPE)
    shop.write("shop_backend/stripe.py", "mine = 1\n")
    ran = import_stripe(shop)
    assert ran.code == 2 and "error[output_foreign]: shop_backend/stripe.py is in the way" in ran.err
    assert written(shop) == "mine = 1\n"
    assert import_stripe(shop, "--force").code == 0


def test_a_link_is_not_written_through(shop: Project) -> None:
    shop.write("specs/stripe.yaml", STRIPE)
    outside = shop.write("outside.py", "")
    (shop.folder / "shop_backend/stripe.py").symlink_to(outside)
    ran = import_stripe(shop, "--force")
    assert ran.code == 2 and "error[output_symlink]: shop_backend/stripe.py is a symbolic link" in ran.err
    assert outside.read_text() == ""


# --- what is refused ---


def check_refused(
    project: Project, source: str, *expected: str, file: str = "api.yaml", options: tuple[str, ...] = ()
) -> Ran:
    """The source is refused with exit code 2 and these words; nothing is written."""
    project.write(f"specs/{file}", source)
    before = project.tree("shop_backend")
    ran = project.run("import", str(project.folder / "specs" / file), *options)
    assert ran.code == 2 and "Traceback" not in ran.err, ran.err
    for words in expected:
        assert words in ran.err, ran.err
    assert project.tree("shop_backend") == before
    return ran


def test_a_reference_to_the_network_is_refused_and_nothing_is_fetched(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr("socket.socket.connect", refuse)
    check_refused(
        shop,
        """
        $defs:
          Pet:
            type: object
            properties:
              owner: {$ref: 'https://example.com/owner.json'}
        """,
        """specs/api.yaml:5:15: error[import_remote]: /$defs/Pet/properties/owner/$ref: \
"https://example.com/owner.json" is somewhere else on the network
    5 |       owner: {$ref: 'https://example.com/owner.json'}""",
        "fix: save that file beside this one",
    )


def test_a_remote_mapping_of_a_discriminator_is_refused_too(shop: Project) -> None:
    check_refused(
        shop,
        """
        $defs:
          A: {type: object, required: [k], properties: {k: {type: string}}}
          Pet: {oneOf: [{$ref: '#/$defs/A'}, {$ref: 'http://example.com/b.json'}]}
        """,
        "error[import_remote]: /$defs/Pet/oneOf/1/$ref",
    )


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ("{$ref: '#/$defs/Gone'}", '"#/$defs/Gone" leads nowhere: nothing is there'),
        ("{$ref: 'gone.yaml#/X'}", "there is no file specs/gone.yaml"),
        ("{$ref: '#gone'}", "no schema has this anchor"),
        ("{$ref: 3}", "a reference is text"),
        ("{$ref: '#/$defs/X'}", "this reference leads back to itself"),
        ("{allOf: [{$ref: '#/$defs/X'}, {type: object, properties: {a: {}}}]}", "allOf leads back to itself"),
    ],
)
def test_a_reference_that_leads_nowhere_is_refused_where_it_stands(shop: Project, schema: str, said: str) -> None:
    check_refused(shop, f"$defs:\n  X: {schema}\n", "specs/api.yaml:2:", "error[import_reference]: /$defs/X", said)


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ("{oneOf: [{$ref: '#/$defs/A'}, {$ref: '#/$defs/B'}]}", "alias X: A and B cannot be told apart on the wire"),
        ("{type: object, properties: {x: false}}", "/$defs/X/properties/x: false allows no value at all"),
        ("{enum: [{a: 1}]}", "/$defs/X/enum: a value is no text, integer or boolean"),
        ("{anyOf: [{$ref: '#/$defs/X'}, {type: string}]}", "/$defs/X: it is defined by nothing but itself"),
        ("{type: array, items: {anyOf: [{$ref: '#/$defs/A'}, {$ref: '#/$defs/B'}]}}", "A and B cannot be told apart"),
        ("{type: text}", "/$defs/X/type: 'text' is no schema"),
        ("{$dynamicRef: '#x'}", "$dynamicRef and $recursiveRef are not read"),
        ("{type: object, properties: {__proto__: {}}}", "__proto__ is not a plain key"),
        ("{type: integer, enum: [9007199254740993]}", "no text, integer, boolean or None that JSON carries"),
        (
            "{allOf: [{oneOf: [{$ref: '#/$defs/A'}]}, {oneOf: [{$ref: '#/$defs/B'}]}, {$ref: '#/$defs/A'}]}",
            "allOf of several unions has no model",
        ),
    ],
)
def test_what_no_backend_can_express_is_refused_with_its_place_and_a_way_out(
    shop: Project, schema: str, said: str
) -> None:
    head = "$defs:\n  A: {type: object, properties: {a: {}}}\n  B: {type: object, properties: {a: {}}}\n"
    check_refused(
        shop, f"{head}  X: {schema}\n", "specs/api.yaml:4:", "error[import_unsupported]: /$defs/X", said, "fix: "
    )


@pytest.mark.parametrize(
    ("text", "file", "said"),
    [
        ("a: [1", "api.yaml", "is no YAML"),
        ('{"a": }', "api.json", "specs/api.json:1:7: error[import_syntax]: specs/api.json is no JSON"),
        ("- a", "api.yaml", "holds no object"),
        ("asyncapi: 3.0.0", "api.yaml", "asyncapi 3.0.0 is not read"),
        ("openapi: 4.0.0", "api.yaml", "openapi 4.0.0 is not read"),
        ("title: Nothing", "api.yaml", "declares no schemas"),
    ],
)
def test_a_file_that_is_no_schema_is_refused(shop: Project, text: str, file: str, said: str) -> None:
    check_refused(shop, text, said, "fix: ", file=file)


def test_a_file_that_is_not_there_is_refused(shop: Project) -> None:
    ran = shop.run("import", "gone.yaml")
    assert ran.code == 2 and "error[import_source]" in ran.err and "no such file" in ran.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--only", "chargee"), 'error[import_only]: specs/api.yaml declares no "chargee" (did you mean "charge"?)'),
        (("--prefix", "my-"), 'error[import_name]: --prefix "my-" cannot begin the name of a class'),
        (("--out", "elsewhere/../../x.py"), "error[import_out]"),
        (("--out", "models.txt"), "error[import_out]"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(shop: Project, options: tuple[str, ...], said: str) -> None:
    check_refused(shop, STRIPE, said, options=options)


def test_without_a_source_there_has_to_be_something_to_import_again(shop: Project) -> None:
    ran = shop.run("import")
    assert ran.code == 2 and "no SOURCE is given, and nothing was imported here before" in ran.err
    assert "no SOURCE is given, and an option says how to read a source" in shop.run("import", "--loose").err


def test_without_the_library_the_command_says_what_to_install(shop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schemagen.cli.import_.LIBRARY", "a_library_that_is_not_installed")
    ran = shop.run("import", "api.yaml")
    assert ran.code == 2
    assert "fix: python -m pip install 'schemagen[import]'" in ran.err


# --- what is written ---


def test_payloads_are_read_by_the_names_they_have(shop: Project) -> None:
    """`alias_generator=str` keeps `created_at` on the wire, where schemagen would say `createdAt`."""
    shop.write(
        "specs/stripe.yaml",
        """
        $defs:
          event:
            type: object
            required: [created_at, Id, from]
            properties: {created_at: {type: string, format: date-time}, Id: {type: string}, from: {type: string}}
        """,
    )
    assert import_stripe(shop).code == 0
    shop.write(
        "shop_backend/hooks.py",
        """
        from schemagen import QueryCtx, query
        from shop_backend.stripe import Event

        @query
        async def take(ctx: QueryCtx, *, event: Event) -> Event:
            return event
        """,
    )
    backend = load(shop.folder / "shop_backend", shop.folder)
    assert [field.wire_name for field in backend.contract.types_by_name["Event"].fields] == ["created_at", "Id", "from"]  # type: ignore[union-attr]
    ran = shop.run("run", "hooks.take", '{"event": {"created_at": "2026-01-02T03:04:05Z", "Id": "a", "from": "b"}}')
    assert json.loads(ran.out) == {"created_at": "2026-01-02T03:04:05Z", "Id": "a", "from": "b"}


@pytest.fixture(scope="module")
def all_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is expected of all cases, as modules of one package."""
    folder = tmp_path_factory.mktemp("modules") / "imported"
    folder.mkdir()
    (folder / "__init__.py").touch()
    for case in CASES:
        if (case / "expected.py").exists():
            shutil.copy(case / "expected.py", folder / f"{case.name}.py")
    return folder


def test_every_module_is_formatted_as_ruff_would_leave_it(all_modules: Path) -> None:
    for command in (["format", "--check", "--diff"], ["check", "--select", "E4,E7,E9,F,I,UP,RUF100"]):
        check_tool("ruff", *command, "--isolated", "--target-version", "py311", str(all_modules))


@pytest.mark.slow
def test_every_module_is_clean_under_strict_type_checkers(all_modules: Path) -> None:
    check_tool("mypy", "--strict", "--cache-dir", os.devnull, str(all_modules))
    settings = {"include": ["."], "typeCheckingMode": "strict", "pythonVersion": "3.11"}
    (all_modules / "pyrightconfig.json").write_text(json.dumps(settings))
    pyright = ROOT / "templates/typescript/node_modules/pyright/index.js"
    command = ["node", str(pyright), "--pythonpath", sys.executable, "-p", str(all_modules)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert ended.returncode == 0, ended.stdout


def check_tool(*command: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=240, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
