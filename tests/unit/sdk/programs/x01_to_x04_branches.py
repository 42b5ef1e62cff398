"""X1 to X4: a condition with two branches, nested conditions, a selector behind them, and scenes."""

from modelarts import workflow as wf

C, T = wf.steps.Condition, wf.steps.ConditionTypeEnum
root = wf.data.InputStorage(name="root")
nested = C(
    condition_type=T.OR,
    left=C(condition_type=T.GT, left=10, right=9),
    right=C(condition_type=T.IN, left="a", right=["a", "b"]),
)
choose = wf.steps.ConditionStep(
    name="choose",
    conditions=[
        C(condition_type=T.EQ, left=wf.Placeholder(name="fast", placeholder_type=wf.PlaceholderType.BOOL), right=True),
        nested,
    ],
    if_then_steps="quick",
    else_then_steps=["slow"],
)


def job(name: str) -> wf.steps.JobStep:
    return wf.steps.JobStep(
        name=name,
        algorithm=wf.Algorithm(algorithm_id="trees"),
        outputs=wf.steps.JobOutput(name="made", obs_config=wf.data.OBSOutputConfig(obs_path=root.join(name + "/"))),
        depend_steps=choose,
    )


quick, slow = job("quick"), job("slow")
keep = wf.steps.ModelStep(
    name="keep",
    inputs=wf.steps.ModelInput(
        name="made",
        data=wf.data.DataConsumptionSelector([quick.outputs["made"].as_input(), slow.outputs["made"].as_input()]),
    ),
    outputs=wf.steps.ModelOutput(name="model", model_config=wf.steps.ModelConfig(model_name="kept")),
    depend_steps=[quick, slow],
)
workflow = wf.Workflow(
    name="branches",
    desc="",
    steps=[choose, quick, slow, keep],
    storages=root,
    policy=wf.policy.Policy(scenes=wf.policy.Scene(scene_name="Training", scene_steps=[choose, quick, slow])),
    subgraphs=wf.Subgraph(name="both", steps=[quick, slow]),
)
