"""S4, S5 and S6: a step is skipped by a parameter or by a metric; a selector takes the branch that ran."""

from modelarts import workflow as wf

root = wf.data.Storage(name="root", with_execution_id=True, create_dir=True)
files = wf.data.OBSPlaceholder(name="files", object_type="directory")


def job(name: str) -> wf.steps.JobStep:
    return wf.steps.JobStep(
        name=name,
        algorithm=wf.AIGalleryAlgorithm(subscription_id="fit", item_version_id="1", parameters=[]),
        inputs=wf.steps.JobInput(name="files", data=files),
        outputs=[
            wf.steps.JobOutput(name="made", obs_config=wf.data.OBSOutputConfig(obs_path=root.join(name))),
            wf.steps.JobOutput(
                name="figures",
                metrics_config=wf.data.MetricsConfig(
                    metric_files=root.join(name + "/metrics.json", create_dir=False), realtime_visualization=True
                ),
            ),
        ],
        spec=wf.steps.JobSpec(
            # Twice the same placeholder: one parameter.
            resource=wf.steps.JobResource(
                flavor=wf.Placeholder(name="machine", placeholder_type=wf.PlaceholderType.JSON)
            )
        ),
        policy=wf.steps.StepPolicy(
            poll_interval_seconds="5",
            skip_conditions=wf.steps.Condition(
                condition_type=wf.steps.ConditionTypeEnum.EQ,
                left=wf.Placeholder(name="without_" + name, placeholder_type=wf.PlaceholderType.BOOL),
                right=True,
            ),
        ),
    )


first, second = job("first"), job("second")
too_bad = wf.steps.Condition(
    condition_type=wf.steps.ConditionTypeEnum.LT,
    left=wf.steps.MetricInfo(first.outputs["figures"].as_input(), "accuracy"),
    right=0.5,
)
keep = wf.steps.ModelStep(
    name="keep",
    inputs=wf.steps.ModelInput(
        name="made",
        data=wf.data.DataConsumptionSelector(
            data_list=[first.outputs["made"].as_input(), second.outputs["made"].as_input()]
        ),
    ),
    outputs=wf.steps.ModelOutput(name="model", model_config=wf.steps.ModelConfig(model_name="kept")),
    depend_steps=[first, second],
    policy=wf.steps.StepPolicy(skip_conditions=[too_bad]),
)
workflow = wf.Workflow(name="skipping", desc="", steps=[first, second, keep], storages=root)
