"""Where the templates are found, in a checkout and in a wheel."""

from __future__ import annotations

from schemagen.emit.templates import template_root, typescript_runtime


def test_a_checkout_has_its_templates_beside_the_package() -> None:
    assert template_root().name in {"templates", "_templates"}
    assert (template_root() / "typescript").is_dir()


def test_the_runtime_is_compiled_and_has_its_declarations() -> None:
    files = typescript_runtime()
    scripts = {name.removesuffix(".js") for name in files if name.endswith(".js")}
    declarations = {name.removesuffix(".d.ts") for name in files if name.endswith(".d.ts")}
    assert scripts == declarations
    assert {"index", "node", "react", "http", "contract", "codec", "reference"} <= scripts
