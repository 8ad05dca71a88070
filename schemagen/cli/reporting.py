"""Reports, printed: which form, and where the project lies in its repository."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, assert_never

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
            from schemagen.check.report import FINDING_RULES
            from schemagen.check.reports.sarif import sarif_report
            from schemagen.check.rules import RULES

            fallback = "pyproject.toml" if config is None else str(config.contract)
            return sarif_report(report, {**RULES, **FINDING_RULES}, schemagen.__version__, _folder(config), fallback)
        case Format.GITHUB:
            from schemagen.check.reports.github import github_report

            return github_report(report, _folder(config)) + "\n"
        case _:
            assert_never(form)


def mistakes_report(mistakes: list[Any], form: Format) -> str:
    """Mistakes that keep a contract from being judged, as `mistakes_json` has them, in a form for programs."""
    import json

    from schemagen.check.changes import Place
    from schemagen.check.report import Finding, Report

    if form is Format.JSON:
        return json.dumps({"verdict": None, "ok": False, "mistakes": mistakes}, indent=2, ensure_ascii=False) + "\n"
    findings = []
    for mistake in mistakes:
        place = mistake["place"]
        at = None if place is None else Place(place["file"], max(1, place["line"]), max(1, place["column"]))
        findings.append(Finding(mistake["rule"], mistake["message"], mistake["fix"], place=at, detail=mistake["why"]))
    report = Report("", "", findings=tuple(findings))
    return rendered(report, form, (_no_source, _no_source), None, lambda _: "")


def _no_source(_file: str, _line: int) -> str:
    return ""


def _folder(config: Config | None) -> PurePosixPath:
    """Where the project lies in its repository: annotations name files from there."""
    from schemagen.cli.git import Git

    return PurePosixPath() if config is None else Git(config.root).prefix()
