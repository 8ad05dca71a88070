"""What can go wrong for a client, besides `DocumentNotFound`: also said of a document that is not theirs to see."""

from datetime import datetime
from typing import Literal

from backend.schema import Permission, Scope
from schemagen import AppError

Resource = Literal["contacts", "agents", "attachment_bytes"]
Unique = Literal["company_slug", "contact_email", "tag_name", "role_name", "team_name", "pipeline_name", "membership"]


class NotSignedIn(AppError):
    """Sign in first: get a token, then call users.sign_in with it."""


class NoCompany(AppError):
    """You do not work for a company yet: create one, or accept an invitation."""


class Forbidden(AppError):
    """Your role does not allow {permission}."""

    permission: Permission


class ScopeTooWide(AppError):
    """You cannot give {scope}-wide access: your own is {own_scope}-wide."""

    scope: Scope
    own_scope: Scope


class QuotaExceeded(AppError):
    """Your plan ends at {limit} {resource}."""

    resource: Resource
    limit: int


class TooMany(AppError):
    """There can be at most {limit} of these."""

    limit: int


class AlreadyExists(AppError):
    """{value} is taken."""

    what: Unique
    value: str


class InUse(AppError):
    """This cannot go while something still depends on it: {used_by}."""

    used_by: Literal["agents", "deals", "invitations", "pipelines"]


class Unchangeable(AppError):
    """Every company has this role, and it stays as it is."""


class InvalidStageMove(AppError):
    """A deal cannot go from {from_stage} to {to_stage}."""

    from_stage: str
    to_stage: str
    reason: Literal["other_pipeline", "deal_closed", "same_stage"]


class LastOwner(AppError):
    """A company needs an owner, and this agent is its last one."""


class InvitationExpired(AppError):
    """This invitation ended at {expired_at}."""

    expired_at: datetime


class MalformedFile(AppError):
    """The file cannot be read: {problem}."""

    problem: str
