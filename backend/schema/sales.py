"""Pipelines, and the deals that travel through them."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from backend.schema.company import InCompany, Name, Owned
from backend.schema.contacts import Contact
from schemagen import Id, index, ref

Money = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
Currency = Literal["EUR", "USD", "GBP", "CHF"]
Probability = Annotated[float, Field(ge=0, le=1)]

StageKind = Literal["open", "won", "lost"]
"""What reaching a stage means for the deal."""


class DealStatus(StrEnum):
    """Where a deal stands; follows the kind of its pipeline stage."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Pipeline(InCompany, name="pipelines"):
    """A way of selling: a row of stages."""

    name: Name
    currency: Currency = "EUR"

    by_company = index("company_id", "name", unique=True)


class PipelineStage(InCompany, name="pipeline_stages"):
    """One step of a pipeline."""

    pipeline_id: Id[Pipeline]
    position: int
    """Counts from 0, left to right."""
    name: Name
    kind: StageKind = "open"
    win_probability: Probability = 0.5

    by_pipeline = index("pipeline_id", "position")


class Deal(Owned, name="deals"):
    """Something a contact may buy."""

    contact_id: Id[Contact] = ref(on_delete="restrict")
    pipeline_id: Id[Pipeline]
    stage_id: Id[PipelineStage]
    title: Name
    amount: Money
    status: DealStatus = DealStatus.OPEN
    expected_close_on: date | None = None
    closed_at: datetime | None = None

    by_company_status = index("company_id", "status", "expected_close_on")
    by_team_status = index("company_id", "team_id", "status", "expected_close_on")
    by_owner_status = index("company_id", "owner_id", "status", "expected_close_on")
    by_company_stage = index("company_id", "stage_id")
    by_team_stage = index("company_id", "team_id", "stage_id")
    by_owner_stage = index("company_id", "owner_id", "stage_id")
    by_company_won = index("company_id", "status", "closed_at")
    by_team_won = index("company_id", "team_id", "status", "closed_at")
    by_owner_won = index("company_id", "owner_id", "status", "closed_at")
    by_contact = index("contact_id")


class StageTotal(Owned, name="stage_totals"):
    """How many deals one owner has in one stage, and their sum: `totals.py` keeps them, so that no board adds up."""

    stage_id: Id[PipelineStage]
    deals: int = 0
    amount: Decimal = Decimal(0)

    by_company = index("company_id", "stage_id")
    by_team = index("company_id", "team_id", "stage_id")
    by_owner = index("company_id", "owner_id", "stage_id")
    by_key = index("owner_id", "team_id", "stage_id")
