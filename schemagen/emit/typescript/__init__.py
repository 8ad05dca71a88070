"""The TypeScript SDK of a backend, as text: an npm package without dependencies. Start at `api_file.py`."""

from __future__ import annotations

from pathlib import PurePosixPath

from schemagen.emit.templates import typescript_checker, typescript_runtime
from schemagen.emit.typescript.api_file import api_declarations, api_values
from schemagen.emit.typescript.codec_file import codec_file
from schemagen.emit.typescript.names import names_of
from schemagen.emit.typescript.package_file import (
    ENTRIES,
    contract_declarations,
    contract_values,
    entry_file,
    package_json,
    readme,
)
from schemagen.emit.typescript.relation_file import relation_file
from schemagen.emit.typescript.types_file import types_declarations, types_values
from schemagen.emit.typescript.views import Views
from schemagen.model.canonical import fingerprint, to_json
from schemagen.model.contract import Contract


def emit_typescript(contract: Contract, package: str, source_root: str) -> dict[PurePosixPath, str]:
    """Every file of the npm package, by its path below the output folder.

    `source_root` leads from the output folder to the project (`../..`), for the maps from declarations into Python.
    """
    contract = contract.public
    views = Views(contract)
    names = names_of(contract, views)
    codecs = codec_file(contract)
    files = {
        "package.json": package_json(package),
        "README.md": readme(contract, package),
        "api.js": api_values(codecs is not None),
        "types.js": types_values(contract, names, views),
        **{f"runtime/{name}": text for name, text in typescript_runtime().items()},
        **{f"check/{name}": text for name, text in typescript_checker().items()},
        "check/relation.mjs": relation_file(),
        "contract.json": to_json(contract),
        "runtime/contract.js": contract_values(fingerprint(contract)),
        "runtime/contract.d.ts": contract_declarations(),
    }
    for name in ("index", *ENTRIES):
        files[f"{name}.js"] = files[f"{name}.d.ts"] = entry_file(name)
    for name, text in (
        ("api", api_declarations(contract, names)),
        ("types", types_declarations(contract, names, views)),
    ):
        files[f"{name}.d.ts"] = text.text(f"{name}.d.ts")
        files[f"{name}.d.ts.map"] = text.source_map(f"{name}.d.ts", source_root)
    if codecs is not None:
        files["codec.js"] = codecs
    return {PurePosixPath(path): text for path, text in sorted(files.items())}
