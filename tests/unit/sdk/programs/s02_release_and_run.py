"""S2 and S3: everything has a default, some of them still to be filled in, and the program releases by itself."""

from modelarts import workflow as wf

results = wf.data.OutputStorage(name="results", default="**")
table = wf.data.DatasetPlaceholder(name="table", default=wf.data.Dataset(dataset_name="**", version_name="**"))
train = wf.steps.JobStep(
    name="train",
    algorithm=wf.Algorithm(algorithm_id="trees"),
    inputs=wf.steps.JobInput(name="table", data=table),
    outputs=wf.steps.JobOutput(name="model", obs_config=wf.data.OBSOutputConfig(obs_path=results.join("model"))),
    spec=wf.steps.JobSpec(
        resource=wf.steps.JobResource(
            flavor=wf.Placeholder(name="machine", placeholder_type=wf.PlaceholderType.JSON, default={"flavor_id": "**"})
        )
    ),
)
workflow = wf.Workflow(name="all at once", desc="", steps=train, storages=results)
workflow.release()
workflow.release_and_run()
