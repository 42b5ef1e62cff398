"""S5: a model that is registered only when the job before it was good enough, by the metrics in what it left."""

from modelarts import workflow as wf

root = wf.data.Storage(name="storage_name", with_execution_id=True, create_dir=True)
job = wf.steps.JobStep(
    name="training_job",
    algorithm=wf.AIGalleryAlgorithm(subscription_id="subscription_id", item_version_id="item_version_id"),
    inputs=wf.steps.JobInput(
        name="data_url", data=wf.data.OBSPlaceholder(name="obs_placeholder_name", object_type="directory")
    ),
    outputs=wf.steps.JobOutput(
        name="train_url",
        obs_config=wf.data.OBSOutputConfig(
            obs_path=root.join("made"),
            metric_file=wf.Placeholder(
                name="metric_file", placeholder_type=wf.PlaceholderType.STR, default="metrics.json"
            ),
        ),
    ),
    spec=wf.steps.JobSpec(
        resource=wf.steps.JobResource(
            flavor=wf.Placeholder(name="train_flavor", placeholder_type=wf.PlaceholderType.JSON)
        )
    ),
)
too_bad = wf.steps.Condition(
    condition_type=wf.steps.ConditionTypeEnum.LT,
    left=wf.steps.MetricInfo(input_data=job.outputs["train_url"].as_input(), json_key="accuracy"),
    right=0.5,
)
keep = wf.steps.ModelStep(
    name="model_registration",
    inputs=wf.steps.ModelInput(name="model_input", data=job.outputs["train_url"].as_input()),
    outputs=wf.steps.ModelOutput(
        name="model_output",
        model_config=wf.steps.ModelConfig(
            model_name=wf.Placeholder(name="placeholder_name", placeholder_type=wf.PlaceholderType.STR)
        ),
    ),
    policy=wf.steps.StepPolicy(skip_conditions=too_bad),
    depend_steps=job,
)
workflow = wf.Workflow(name="skip-by-metric-file", desc="", steps=[job, keep], storages=root)
