"""S9 to S16: the four kinds of algorithm, every way to say what a job reads, and releasing before training."""

from modelarts import workflow as wf

results = wf.data.OutputStorage(name="results", title="Results")
dataset = wf.data.DatasetPlaceholder(name="dataset")
rate = wf.Placeholder(name="rate", placeholder_type=wf.PlaceholderType.STR, default="0.1")


def job(name: str, algorithm: object, data: object, **more: object) -> wf.steps.JobStep:
    return wf.steps.JobStep(
        name=name,
        algorithm=algorithm,
        inputs=wf.steps.JobInput(name="data_url", data=data),
        outputs=wf.steps.JobOutput(name="made", obs_config=wf.data.OBSOutputConfig(obs_path=results.join(name))),
        spec=wf.steps.JobSpec(resource=wf.steps.JobResource(flavor_id="small", node_count=1)),
        **more,
    )


freeze = wf.steps.ReleaseDatasetStep(
    name="freeze",
    inputs=wf.steps.ReleaseDatasetInput(name="raw", data=wf.data.DatasetPlaceholder(name="raw")),
    outputs=wf.steps.ReleaseDatasetOutput(
        name="version",
        dataset_version_config=wf.data.DatasetVersionConfig(
            label_task_type=wf.data.LabelTaskTypeEnum.IMAGE_CLASSIFICATION,
            train_evaluate_sample_ratio=wf.Placeholder(
                name="share", placeholder_type=wf.PlaceholderType.STR, default="0.8"
            ),
        ),
    ),
)
steps = [
    freeze,
    job(
        "subscribed",
        wf.AIGalleryAlgorithm(
            subscription_id="net", item_version_id="2", parameters=wf.AlgorithmParameters(name="rate", value=rate)
        ),
        freeze.outputs["version"].as_input(),
        depend_steps=freeze,
    ),
    job("saved", wf.Algorithm(algorithm_id="trees"), wf.data.Dataset(dataset_name="digits", version_name="V001")),
    job(
        "own-code",
        wf.BaseAlgorithm(
            code_dir="/default/code/",
            boot_file="/default/code/train.py",
            engine=wf.steps.JobEngine(engine_name="python", engine_version="3.12"),
            environments={"OMP_NUM_THREADS": "2"},
        ),
        dataset,
    ),
    job(
        "own-image",
        wf.BaseAlgorithm(
            code_dir="/default/code/",
            command="python train.py | tee log.txt",
            engine=wf.steps.JobEngine(
                image_url=wf.Placeholder(
                    name="image", placeholder_type=wf.PlaceholderType.STR, placeholder_format="swr"
                )
            ),
        ),
        wf.data.OBSPath(obs_path="/default/images/"),
    ),
    job(
        "either",
        wf.Algorithm(algorithm_id="trees"),
        wf.data.DataSelector(name="either_data", data_type_list=["dataset", "obs"]),
    ),
]
workflow = wf.Workflow(name="jobs", desc="", steps=steps, storages=[results])
