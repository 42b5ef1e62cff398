"""S6: two branches, each of which a parameter skips, and a model that takes the one that ran."""

from modelarts import workflow as wf

root = wf.data.Storage(name="storage_name", with_execution_id=True, create_dir=True)
files = wf.data.OBSPlaceholder(name="obs_placeholder_name", object_type="directory")


def branch(letter: str) -> wf.steps.JobStep:
    return wf.steps.JobStep(
        name=f"training_job_{letter}",
        algorithm=wf.AIGalleryAlgorithm(subscription_id="subscription_id", item_version_id="item_version_id"),
        inputs=wf.steps.JobInput(name="data_url", data=files),
        outputs=wf.steps.JobOutput(name="train_url", obs_config=wf.data.OBSOutputConfig(obs_path=root.join(letter))),
        spec=wf.steps.JobSpec(
            resource=wf.steps.JobResource(
                flavor=wf.Placeholder(name="train_flavor", placeholder_type=wf.PlaceholderType.JSON)
            )
        ),
        policy=wf.steps.StepPolicy(
            skip_conditions=wf.steps.Condition(
                condition_type=wf.steps.ConditionTypeEnum.EQ,
                left=wf.Placeholder(name=f"job_step_{letter}_is_skip", placeholder_type=wf.PlaceholderType.BOOL),
                right=True,
            )
        ),
    )


one, other = branch("a"), branch("b")
keep = wf.steps.ModelStep(
    name="model_registration",
    inputs=wf.steps.ModelInput(
        name="model_input",
        data=wf.data.DataConsumptionSelector(
            data_list=[one.outputs["train_url"].as_input(), other.outputs["train_url"].as_input()]
        ),
    ),
    outputs=wf.steps.ModelOutput(
        name="model_output",
        model_config=wf.steps.ModelConfig(
            model_name=wf.Placeholder(name="placeholder_name", placeholder_type=wf.PlaceholderType.STR)
        ),
    ),
    depend_steps=[one, other],
)
workflow = wf.Workflow(name="branches-and-selector", desc="", steps=[one, other, keep], storages=root)
