"""The Python SDK of a backend, as text: an installable package. Start at `api_files.py`."""

from __future__ import annotations

from pathlib import PurePosixPath

from schemagen.emit.python.api_files import api_file, client_file
from schemagen.emit.python.checker_files import checker_files
from schemagen.emit.python.errors_file import errors_file
from schemagen.emit.python.names import names_of
from schemagen.emit.python.package_files import package_files
from schemagen.emit.python.types_files import ids_file, type_groups, types_file, types_package
from schemagen.emit.templates import python_runtime
from schemagen.model.canonical import fingerprint, to_json
from schemagen.model.contract import Contract, reachable


def emit_python(contract: Contract, package: str) -> dict[PurePosixPath, str]:
    """Every file of the package, by its path below the output folder."""
    contract = contract.public
    groups = type_groups(contract)
    names = names_of(contract, groups)
    sent = reachable(contract, tuple(argument.type for f in contract.functions for argument in f.args))
    files = package_files(package, fingerprint(contract))
    files[f"{package}/client.py"] = client_file(names, package)
    files[f"{package}/errors.py"] = errors_file(contract, names)
    files[f"{package}/types/__init__.py"] = types_package(contract, names)
    files[f"{package}/types/ids_.py"] = ids_file(names)
    for group in groups:
        files[f"{package}/types/{names.files[group[0]]}.py"] = types_file(contract, names, group, sent)
    for module in names.modules:
        files[f"{package}/api/{names.module_files[module]}.py"] = api_file(contract, names, package, module)
    files[f"{package}/contract.json"] = to_json(contract)
    files |= {f"{package}/_runtime/{name}": text for name, text in python_runtime().items()}
    files |= {f"{package}/_checker/{name}": text for name, text in checker_files().items()}
    return {PurePosixPath(path): text for path, text in sorted(files.items())}
