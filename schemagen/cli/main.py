"""`schemagen`: the commands, and the one place where whatever went wrong becomes a message and an exit code.

0: fine. 1: a finding (something is stale, was edited, a call failed). 2: a mistake in the backend or the command.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated

import typer

import schemagen
from schemagen.cli import (
    build,
    check,
    clients,
    data,
    dev,
    diff,
    import_,
    init,
    migrate,
    release,
    rename,
    run,
    serve,
    token,
)
from schemagen.cli.terminal import message

app = typer.Typer(
    name="schemagen",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain text: rich alone would cost more than the commands do
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: schemagen init shop && cd shop && schemagen build && schemagen dev",
)


@app.callback(invoke_without_command=True)
def schemagen_(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks, as SCHEMAGEN_DEBUG=1 does.")] = False,
) -> None:
    """Typed Python backends with live queries, and typed Python and TypeScript SDKs generated from them."""
    assert not debug, "main() has taken it away, wherever it stood"
    if version:
        print(f"schemagen {schemagen.__version__}")
        raise typer.Exit


app.command("init", epilog=init.EPILOG)(init.init)
app.command("build", epilog=build.EPILOG)(build.build)
app.command("check", epilog=check.EPILOG)(check.check)
app.command("diff", epilog=diff.EPILOG)(diff.diff)
app.command("rename", epilog=rename.EPILOG)(rename.rename)
app.command("dev", epilog=dev.EPILOG)(dev.dev)
app.command("serve", epilog=serve.EPILOG)(serve.serve)
app.command("run", epilog=run.EPILOG)(run.run)
app.command("release", epilog=release.EPILOG)(release.release)
app.command("clients", epilog=clients.EPILOG)(clients.clients)
app.command("import", epilog=import_.EPILOG)(import_.import_)
app.command("token", epilog=token.EPILOG)(token.token)
app.add_typer(data.app, name="data")
app.add_typer(migrate.app, name="migrate")


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code; no traceback of ours is printed unless --debug asks for it."""
    given = sys.argv[1:] if arguments is None else arguments
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as stderr is: a terminal may not know every character
    if "--debug" in given:
        os.environ["SCHEMAGEN_DEBUG"] = "1"
    try:
        app(args=[argument for argument in given if argument != "--debug"], prog_name="schemagen")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 2
    except BrokenPipeError:  # whoever read our output has gone, as in `schemagen ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        print("\r\x1b[2K" if sys.stderr.isatty() else "", message(error), sep="", file=sys.stderr)
        return 2
    return 0
