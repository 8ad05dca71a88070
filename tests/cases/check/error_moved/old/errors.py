from schemagen import AppError


class QuotaExceeded(AppError):
    """At most {limit}."""

    limit: int
