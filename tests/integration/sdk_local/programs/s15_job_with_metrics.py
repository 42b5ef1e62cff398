"""S15: a job whose metrics are drawn."""

from modelarts import workflow as wf

root = wf.data.Storage(name="storage_name", with_execution_id=True, create_dir=True)
job = wf.steps.JobStep(
    name="training_job",
    algorithm=wf.AIGalleryAlgorithm(subscription_id="subscription_id", item_version_id="item_version_id"),
    inputs=wf.steps.JobInput(name="data_url", data=wf.data.DatasetPlaceholder(name="input_dataset")),
    outputs=[
        wf.steps.JobOutput(name="train_url", obs_config=wf.data.OBSOutputConfig(obs_path=root.join("made"))),
        wf.steps.JobOutput(
            name="metrics_output",
            metrics_config=wf.data.MetricsConfig(metric_files=root.join("made/metrics.json", create_dir=False)),
        ),
    ],
    spec=wf.steps.JobSpec(
        resource=wf.steps.JobResource(
            flavor=wf.Placeholder(name="train_flavor", placeholder_type=wf.PlaceholderType.JSON)
        )
    ),
)
workflow = wf.Workflow(name="job-with-metrics", desc="", steps=job, storages=root)
