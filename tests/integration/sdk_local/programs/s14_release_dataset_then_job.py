"""S14: a dataset is released, and the job gets exactly that version."""

from modelarts import workflow as wf

root = wf.data.OutputStorage(name="storage_name")
release = wf.steps.ReleaseDatasetStep(
    name="release_dataset",
    inputs=wf.steps.ReleaseDatasetInput(name="input_name", data=wf.data.DatasetPlaceholder(name="input_dataset")),
    outputs=wf.steps.ReleaseDatasetOutput(
        name="output_name",
        dataset_version_config=wf.data.DatasetVersionConfig(
            label_task_type=wf.data.LabelTaskTypeEnum.IMAGE_CLASSIFICATION,
            train_evaluate_sample_ratio=wf.Placeholder(
                name="placeholder_name", placeholder_type=wf.PlaceholderType.STR, default="0.8"
            ),
        ),
    ),
)
job = wf.steps.JobStep(
    name="training_job",
    algorithm=wf.AIGalleryAlgorithm(subscription_id="subscription_id", item_version_id="item_version_id"),
    inputs=wf.steps.JobInput(name="data_url", data=release.outputs["output_name"].as_input()),
    outputs=wf.steps.JobOutput(name="train_url", obs_config=wf.data.OBSOutputConfig(obs_path=root.join("made"))),
    spec=wf.steps.JobSpec(
        resource=wf.steps.JobResource(
            flavor=wf.Placeholder(name="train_flavor", placeholder_type=wf.PlaceholderType.JSON)
        )
    ),
    depend_steps=release,
)
workflow = wf.Workflow(name="release-then-job", desc="", steps=[release, job], storages=root)
