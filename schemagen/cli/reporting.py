"""Reports, printed: which form, and where the project lies in its repository."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, assert_never

import schemagen

if TYPE_CHECKING:
    from schemagen.check.report import Report, Source
    from schemagen.cli.config import Config


class Format(StrEnum):
    """The forms of a report."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    SARIF = "sarif"
    GITHUB = "github"


def rendered(
    report: Report,
    form: Format,
    sources: tuple[Source, Source],
    config: Config | None,
    to_json: Callable[[Report], str],
) -> str:
    """With a newline at its end. `sources` are the lines as they are, and as they were."""
    match form:
        case Format.TEXT:
            from schemagen.check.reports.text import text_report

            return text_report(report, *sources) + "\n"
        case Format.JSON:
            return to_json(report)
        case Format.MARKDOWN:
            from schemagen.check.reports.markdown import markdown_report

            return markdown_report(report) + "\n"
        case Format.SARIF:
            from schemagen.check.reports.sarif import sarif_report
            from schemagen.check.rules import RULES

            fallback = "pyproject.toml" if config is None else str(config.contract)
            return sarif_report(report, RULES, schemagen.__version__, _folder(config), fallback)
        case Format.GITHUB:
            from schemagen.check.reports.github import github_report

            return github_report(report, _folder(config)) + "\n"
        case _:
            assert_never(form)


def _folder(config: Config | None) -> PurePosixPath:
    """Where the project lies in its repository: annotations name files from there."""
    from schemagen.cli.git import Git

    return PurePosixPath() if config is None else Git(config.root).prefix()
