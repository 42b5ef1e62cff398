"""S9: an algorithm of the gallery; what is not listed is the algorithm's own."""

from modelarts import workflow as wf

storage = wf.data.OutputStorage(name="storage_name")
job = wf.steps.JobStep(
    name="training_job",
    algorithm=wf.AIGalleryAlgorithm(
        subscription_id="subscription_id",
        item_version_id="item_version_id",
        parameters=wf.AlgorithmParameters(
            name="parameter_name",
            value=wf.Placeholder(name="parameter_name", placeholder_type=wf.PlaceholderType.STR, default="fake_value"),
        ),
    ),
    inputs=wf.steps.JobInput(name="data_url", data=wf.data.DatasetPlaceholder(name="input_dataset")),
    outputs=wf.steps.JobOutput(
        name="train_url", obs_config=wf.data.OBSOutputConfig(obs_path=storage.join("directory_path"))
    ),
    spec=wf.steps.JobSpec(
        resource=wf.steps.JobResource(
            flavor=wf.Placeholder(name="train_flavor", placeholder_type=wf.PlaceholderType.JSON)
        )
    ),
)
workflow = wf.Workflow(name="job-step-demo", desc="", steps=job, storages=storage)
