"""`schemagen run`: call one function from the terminal, here or on a running server."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemagen.cli.mistake import CommandError, Mistake, did_you_mean
from schemagen.cli.options import Database, Project
from schemagen.cli.settings import load_settings, setting_mistakes
from schemagen.cli.terminal import Terminal

if TYPE_CHECKING:
    from schemagen.declare.context import Identity
    from schemagen.model.contract import Function
    from schemagen.serve.settings import Settings

EPILOG = 'Example: schemagen run contacts.list \'{"stage": "lead"}\' --identity user-1'


def run(
    path: Annotated[str, typer.Argument(help="The function, as contacts.list.", show_default=False)],
    arguments: Annotated[str, typer.Argument(help="A JSON object; - reads it from stdin.")] = "{}",
    url: Annotated[
        str | None, typer.Option(help="Call a running server instead of opening the database.", show_default=False)
    ] = None,
    identity: Annotated[
        str | None, typer.Option(help="Call as this user: the subject of their tokens.", show_default=False)
    ] = None,
    token: Annotated[str | None, typer.Option(help="Call with this sign-in token.", show_default=False)] = None,
    database: Database = None,
    project: Project = Path(),
) -> None:
    """Call one function and print its result as JSON.

    Here, on the database of the project, or with --url on a running server. Here it may be an internal one, too.

    Exits with 1 if the function fails, with 2 if it cannot be called.
    """
    args = _arguments(sys.stdin.read() if arguments == "-" else arguments)
    if identity is not None and token is not None:
        raise CommandError(
            Mistake("run_identity", "--identity and --token are both given", "a call has one caller", "leave one out")
        )
    if url is not None:
        from schemagen.cli.remote import call

        answer = call(url.rstrip("/"), path, args, _bearer(identity, token))
    else:
        answer = _call_here(path, args, identity, token, database, project)
    _show(path, answer)


def find_function(path: str, paths: Iterable[str]) -> str:
    """The function path that is meant: as on the wire, or as in Python (`contacts.mark_won`). Raises `CommandError`."""
    from schemagen.model.naming import function_path

    known = set(paths)
    module, _, name = path.rpartition(".")
    for candidate in (path, function_path(module, name)):
        if candidate in known:
            return candidate
    near = sorted(known, key=lambda each: (each.rpartition(".")[0] != module, each))  # its module's functions first
    listed = f"functions here: {', '.join(near[:12])}{', …' if len(near) > 12 else ''}"
    raise CommandError(
        Mistake(
            "run_unknown_function",
            f'there is no function "{path}"{did_you_mean(path, known)}',
            why="a function is called by its path: its module, a dot, its name",
            fix=listed if near else "declare one with @query, @mutation or @action",
        )
    )


def _call_here(
    path: str, args: dict[str, Any], subject: str | None, token: str | None, database: str | None, project: Path
) -> dict[str, Any]:
    """`{"value": …}` or `{"error": …}`, from the backend of the project on its own database."""
    import asyncio

    from schemagen.cli.config import load_config
    from schemagen.cli.database import allow_late_imports
    from schemagen.cli.generation import load_backend
    from schemagen.serve.logs import configure_logs

    config = load_config(project)
    settings = load_settings(config, database=database)
    configure_logs(settings)
    identity = _identity(settings, subject, token)
    backend, _ = load_backend(config)
    Terminal().labelled(str(config.backend), backend.output)
    functions = backend.contract.functions_by_path
    function = functions[find_function(path, functions)]
    allow_late_imports(config)
    return asyncio.run(_run_once(backend, settings.database, function, args, identity))


async def _run_once(
    backend: Any, database: str, function: Function, args: dict[str, Any], identity: Identity | None
) -> dict[str, Any]:
    from schemagen.cli.database import open_runtime
    from schemagen.serve.errors import error_object

    runtime = open_runtime(backend, database)
    try:
        answer = await runtime.run(function.kind, function.path, args, identity, internal=True)
    finally:
        await runtime.close()
    if answer.failure is not None:
        return {"error": error_object(answer.failure).model_dump(mode="json", by_alias=True, exclude_none=True)}
    assert answer.value is not None
    return {"value": json.loads(answer.value)}


def _identity(settings: Settings, subject: str | None, token: str | None) -> Identity | None:
    from schemagen.declare.context import Identity

    if token is not None:
        from schemagen.serve.auth import TokenRefused, Verifier
        from schemagen.serve.settings import SettingsError

        try:
            return Verifier.of(settings).verify(token).identity
        except SettingsError as error:
            raise setting_mistakes(error.mistakes) from None
        except TokenRefused as error:
            raise CommandError(
                Mistake(
                    "run_token",
                    str(error),
                    why="a function sees only callers whose token proves who they are",
                    fix="make one with `schemagen token <subject>`, or call as anybody with --identity <subject>",
                )
            ) from None
    return None if subject is None else Identity(subject, settings.auth_issuer or "")


def _bearer(subject: str | None, token: str | None) -> str | None:
    """The token to call a server with: the one given, or one made for a subject with SCHEMAGEN_AUTH_SECRET."""
    if subject is None:
        return token
    settings = load_settings()
    if settings.auth_secret is None:
        raise CommandError(
            Mistake(
                "run_identity",
                "--identity with --url needs SCHEMAGEN_AUTH_SECRET, which is not set",
                why="a server believes only a token that is signed with its secret",
                fix="export the server's SCHEMAGEN_AUTH_SECRET, or give a token with --token",
            )
        )
    from schemagen.serve.auth import mint_token

    return mint_token(settings, subject, valid_seconds=60)


def _arguments(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except ValueError as error:
        wrong, given = f"are no JSON: {error}", None
    else:
        wrong = "are no JSON object"
    if isinstance(given, dict):
        return given
    raise CommandError(
        Mistake(
            "run_arguments",
            f"the arguments {wrong}",
            why="arguments are passed by name",
            fix="""one object in quotes for the shell: '{"stage": "lead"}'""",
        )
    )


def _show(path: str, answer: dict[str, Any]) -> None:
    error = answer.get("error")
    if error is None:
        print(json.dumps(answer["value"], indent=2, ensure_ascii=False))
        return
    lines = [f"error[{error['code']}]: {path}: {error['message']}"]
    lines += [f"  {_issue_path(issue['path'])}: {issue['message']}" for issue in error.get("issues") or ()]
    lines += [f"  {name}: {json.dumps(value, ensure_ascii=False)}" for name, value in (error.get("data") or {}).items()]
    if error.get("errorId"):
        lines.append(f"  error id: {error['errorId']} (the server's log has the reason)")
    print("\n".join(lines), file=sys.stderr)
    raise typer.Exit(1)


def _issue_path(path: list[str | int]) -> str:
    """`["page", "sizes", 0]` → `page.sizes[0]`; the arguments as a whole are `arguments`."""
    shown = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return shown.lstrip(".") or "arguments"
