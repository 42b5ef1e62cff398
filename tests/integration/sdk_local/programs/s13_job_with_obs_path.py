"""S13: a job that reads a folder instead of a dataset."""

from modelarts import workflow as wf

root = wf.data.OutputStorage(name="storage_name")
given = [
    wf.AlgorithmParameters(
        name="parameter_name",
        value=wf.Placeholder(name="parameter_name", placeholder_type=wf.PlaceholderType.STR, default="fake_value"),
    )
]
job = wf.steps.JobStep(
    name="training_job",
    algorithm=wf.AIGalleryAlgorithm(
        subscription_id="subscription_id", item_version_id="item_version_id", parameters=given
    ),
    inputs=wf.steps.JobInput(
        name="data_url", data=wf.data.OBSPlaceholder(name="obs_placeholder_name", object_type="directory")
    ),
    outputs=wf.steps.JobOutput(name="train_url", obs_config=wf.data.OBSOutputConfig(obs_path=root.join("made"))),
    spec=wf.steps.JobSpec(
        resource=wf.steps.JobResource(
            flavor=wf.Placeholder(name="train_flavor", placeholder_type=wf.PlaceholderType.JSON)
        )
    ),
)
workflow = wf.Workflow(name="s13-job-with-obs-path", desc="", steps=job, storages=root)
