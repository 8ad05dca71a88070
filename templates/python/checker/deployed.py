"""The contract of a server that runs somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.error import URLError
from urllib.request import Request, urlopen

from schemagen.check.consumer import served
from schemagen.model.contract import Contract

from .mistakes import CannotCheck, Mistake

TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Deployed:
    url: str
    fingerprint: str
    contract: Contract


def deployed_contract(url: str) -> Deployed:
    """What the server at `url` says of itself. Raises CannotCheck if it cannot be asked."""
    if not url.startswith(("http://", "https://")):
        raise CannotCheck(_unanswered(url, "that is no address of a server"))
    try:
        request = Request(f"{url.rstrip('/')}/api/contract", headers={"Accept": "application/json"})
        with urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            fingerprint, contract = served(response.read().decode())
        return Deployed(url, fingerprint, contract)
    except URLError as error:
        raise CannotCheck(_unanswered(url, str(error.reason))) from None
    except OSError as error:
        raise CannotCheck(_unanswered(url, str(error))) from None
    except ValueError as error:
        raise CannotCheck(_unanswered(url, f"its answer is not a contract: {error}")) from None


def _unanswered(url: str, says: str) -> Mistake:
    return Mistake(
        "server_unreachable",
        f"{url} was asked for its contract: {says}",
        why="whether this program fits the server is decided by the contract that the server has",
        fix="name the address that the client is given, such as https://crm.example, and see that it answers",
    )
