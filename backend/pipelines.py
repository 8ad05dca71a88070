"""Pipelines: ways of selling, each a row of stages."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, Field

from backend.errors import AlreadyExists, InUse, TooMany
from backend.permissions import find, require, require_agent
from backend.schema import Agent, Company, Currency, Deal, Name, Pipeline, PipelineStage, Probability, StageKind
from schemagen import Id, MutationCtx, QueryCtx, UniqueConflict, mutation, query

PIPELINES_MAX = 20
STAGES_MAX = 12


class NewStage(BaseModel):
    """A stage that a pipeline is to have."""

    name: Name
    kind: StageKind = "open"
    win_probability: Probability = 0.5


class PipelineWithStages(BaseModel):
    """A pipeline and its stages, left to right."""

    pipeline: Pipeline
    stages: list[PipelineStage]


STANDARD: Sequence[NewStage] = (
    NewStage(name="New", win_probability=0.1),
    NewStage(name="In talks", win_probability=0.4),
    NewStage(name="Offer sent", win_probability=0.7),
    NewStage(name="Won", kind="won", win_probability=1),
    NewStage(name="Lost", kind="lost", win_probability=0),
)
"""The stages of the pipeline that every company starts with."""


@query
async def list_(ctx: QueryCtx) -> list[PipelineWithStages]:
    """Every pipeline of your company by name, with its stages."""
    agent = await require_agent(ctx)
    pipelines = ctx.db.query(Pipeline).where(Pipeline.company_id == agent.company_id).order_by(Pipeline.name)
    return [
        PipelineWithStages(pipeline=pipeline, stages=await stages_of(ctx, pipeline.id))
        for pipeline in await pipelines.take(PIPELINES_MAX)
    ]


@mutation(raises=[AlreadyExists, TooMany])
async def create(
    ctx: MutationCtx,
    *,
    name: Name,
    currency: Currency,
    stages: Annotated[list[NewStage], Field(min_length=1, max_length=STAGES_MAX)],
) -> Id[Pipeline]:
    """Make a pipeline."""
    agent = await require(ctx, "pipelines.manage")
    if await ctx.db.query(Pipeline).where(Pipeline.company_id == agent.company_id).count() >= PIPELINES_MAX:
        raise TooMany(limit=PIPELINES_MAX)
    try:
        return await _insert(ctx, Pipeline(company_id=agent.company_id, name=name, currency=currency), stages)
    except UniqueConflict:
        raise AlreadyExists(what="pipeline_name", value=name) from None


@mutation(raises=[TooMany])
async def add_stage(
    ctx: MutationCtx, *, pipeline_id: Id[Pipeline], position: int, stage: NewStage
) -> Id[PipelineStage]:
    """Put a new stage at `position`, counted from 0; the stages from there on move right."""
    agent = await require(ctx, "pipelines.manage")
    await find(ctx, agent, pipeline_id)
    stages = await stages_of(ctx, pipeline_id)
    if len(stages) >= STAGES_MAX:
        raise TooMany(limit=STAGES_MAX)
    position = max(0, min(position, len(stages)))
    for later in stages[position:]:
        await ctx.db.patch(later.id, position=later.position + 1)
    return await _insert_stage(ctx, agent.company_id, pipeline_id, position, stage)


@mutation
async def rename_stage(ctx: MutationCtx, *, stage_id: Id[PipelineStage], name: Name) -> None:
    """Give a stage another name."""
    agent = await require(ctx, "pipelines.manage")
    await find(ctx, agent, stage_id)
    await ctx.db.patch(stage_id, name=name)


@mutation(raises=[InUse])
async def delete_stage(ctx: MutationCtx, *, stage_id: Id[PipelineStage]) -> None:
    """Remove a stage that holds no deals and is not the only one; the stages after it move left."""
    agent = await require(ctx, "pipelines.manage")
    stage = await find(ctx, agent, stage_id)
    stages = await stages_of(ctx, stage.pipeline_id)
    if len(stages) == 1:
        raise InUse(used_by="pipelines")
    if await _holds_deals(ctx, agent, stage_id):
        raise InUse(used_by="deals")
    await ctx.db.delete(stage_id)
    for later in stages:
        if later.position > stage.position:
            await ctx.db.patch(later.id, position=later.position - 1)


async def stages_of(ctx: QueryCtx, pipeline_id: Id[Pipeline]) -> list[PipelineStage]:
    """The stages of a pipeline, left to right."""
    stages = ctx.db.query(PipelineStage).where(PipelineStage.pipeline_id == pipeline_id)
    return await stages.order_by(PipelineStage.position).take(STAGES_MAX)


async def insert_standard(ctx: MutationCtx, company_id: Id[Company]) -> Id[Pipeline]:
    """Store the pipeline that a new company starts with."""
    return await _insert(ctx, Pipeline(company_id=company_id, name="Sales"), STANDARD)


async def _insert(ctx: MutationCtx, pipeline: Pipeline, stages: Sequence[NewStage]) -> Id[Pipeline]:
    pipeline_id = await ctx.db.insert(pipeline)
    for position, stage in enumerate(stages):
        await _insert_stage(ctx, pipeline.company_id, pipeline_id, position, stage)
    return pipeline_id


async def _insert_stage(
    ctx: MutationCtx, company_id: Id[Company], pipeline_id: Id[Pipeline], position: int, stage: NewStage
) -> Id[PipelineStage]:
    return await ctx.db.insert(
        PipelineStage(
            company_id=company_id,
            pipeline_id=pipeline_id,
            position=position,
            name=stage.name,
            kind=stage.kind,
            win_probability=stage.win_probability,
        )
    )


async def _holds_deals(ctx: QueryCtx, agent: Agent, stage_id: Id[PipelineStage]) -> bool:
    return await ctx.db.query(Deal).where(Deal.company_id == agent.company_id, Deal.stage_id == stage_id).exists()
