"""What only the operator may ask: `/metrics` and `/api/clients`."""

from __future__ import annotations

from dataclasses import dataclass
from hmac import compare_digest


@dataclass(frozen=True, slots=True)
class Operator:
    """Whoever knows the token; everybody if there is none."""

    token: str | None

    def refusal(self, authorization: bytes) -> str | None:
        """Why this Authorization header is not the operator's; None if it is."""
        if self.token is None or compare_digest(authorization, f"Bearer {self.token}".encode()):
            return None
        return "this needs SCHEMAGEN_METRICS_TOKEN as its bearer token"
