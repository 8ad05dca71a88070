from schemagen import Id, Table, index, ref


class Team(Table, name="teams"):
    name: str


class Agent(Table, name="agents"):
    team_id: Id[Team] = ref(on_delete="set_null")
    deputy_of: "Id[Agent] | None" = ref(on_delete="set_null", default=None)

    by_team = index("team_id")
    by_deputy_of = index("deputy_of")
