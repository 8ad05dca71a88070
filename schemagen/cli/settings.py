"""The settings of a server as commands take them: options, SCHEMAGEN_… variables, [tool.schemagen.serve], defaults."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from schemagen.cli.config import Config
from schemagen.cli.mistake import CommandError, Mistake

if TYPE_CHECKING:
    from schemagen.serve.settings import Settings


def load_settings(config: Config | None = None, **given: Any) -> Settings:
    """Unless it is said, the database is a file in the project folder. Raises `CommandError`."""
    from schemagen.serve.settings import Settings, SettingsError

    configured: dict[str, object] = {}
    if config is not None:
        configured = {"database": f"sqlite:///{config.root / 'schemagen.db'}", **config.serve}
        if isinstance(key_file := configured.get("auth_public_key_file"), str):
            configured["auth_public_key_file"] = config.root / key_file
    try:
        return Settings.load(os.environ, configured, **given)
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
                fix="correct the option, the variable or the line; docs/serving.md lists every setting",
            )
            for message in mistakes
        )
    )
