"""The settings of a server as commands take them: options first, then SCHEMAGEN_… variables, then defaults."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemagen.cli.mistake import CommandError, Mistake

if TYPE_CHECKING:
    from schemagen.serve.settings import Settings


def load_settings(root: Path | None = None, **given: Any) -> Settings:
    """Unless it is said, the database is a file in the project folder `root`. Raises `CommandError`."""
    from schemagen.serve.settings import Settings, SettingsError

    if root is not None and given.get("database") is None and not os.environ.get("SCHEMAGEN_DATABASE"):
        given["database"] = f"sqlite:///{root / 'schemagen.db'}"
    try:
        return Settings.load(os.environ, **given)
    except SettingsError as error:
        raise setting_mistakes(error.mistakes) from None


def setting_mistakes(mistakes: tuple[str, ...]) -> CommandError:
    """What the server says of its settings, as mistakes of the command."""
    return CommandError(
        *(
            Mistake(
                "setting",
                message,
                why="a server that runs with other settings than were meant is worse than none",
                fix="correct the option or the variable; docs/serving.md lists every setting",
            )
            for message in mistakes
        )
    )
