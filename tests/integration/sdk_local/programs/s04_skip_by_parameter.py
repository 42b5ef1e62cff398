"""S4: a job that a parameter skips."""

from modelarts import workflow as wf

root = wf.data.OutputStorage(name="storage_name")
job = wf.steps.JobStep(
    name="training_job",
    algorithm=wf.AIGalleryAlgorithm(subscription_id="subscription_id", item_version_id="item_version_id"),
    inputs=wf.steps.JobInput(
        name="data_url", data=wf.data.OBSPlaceholder(name="obs_placeholder_name", object_type="directory")
    ),
    outputs=wf.steps.JobOutput(name="train_url", obs_config=wf.data.OBSOutputConfig(obs_path=root.join("made"))),
    spec=wf.steps.JobSpec(
        resource=wf.steps.JobResource(
            flavor=wf.Placeholder(name="train_flavor", placeholder_type=wf.PlaceholderType.JSON)
        )
    ),
    policy=wf.steps.StepPolicy(
        skip_conditions=wf.steps.Condition(
            condition_type=wf.steps.ConditionTypeEnum.EQ,
            left=wf.Placeholder(name="is_skip", placeholder_type=wf.PlaceholderType.BOOL),
            right=True,
        )
    ),
)
workflow = wf.Workflow(name="skip-by-parameter", desc="", steps=job, storages=root)
