"""S11: a job with code of its own in an engine."""

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
    algorithm=wf.BaseAlgorithm(
        code_dir="fake_code_dir",
        boot_file="fake_boot_file",
        engine=wf.steps.JobEngine(engine_name="fake_engine_name", engine_version="fake_engine_version"),
        parameters=given,
    ),
    inputs=wf.steps.JobInput(name="data_url", data=wf.data.DatasetPlaceholder(name="input_dataset")),
    outputs=wf.steps.JobOutput(name="train_url", obs_config=wf.data.OBSOutputConfig(obs_path=root.join("made"))),
    spec=wf.steps.JobSpec(
        resource=wf.steps.JobResource(
            flavor=wf.Placeholder(name="train_flavor", placeholder_type=wf.PlaceholderType.JSON)
        )
    ),
)
workflow = wf.Workflow(name="s11-job-code-and-boot-file", desc="", steps=job, storages=root)
