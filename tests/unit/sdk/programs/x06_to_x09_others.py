"""X6 to X9: values that are given while the run waits, a service that is updated, Spark, and training on and on."""

from modelarts import workflow as wf

root = wf.data.Storage(name="root", with_execution_id=True)
spark = wf.steps.MrsJobStep(
    name="spark",
    mrs_algorithm=wf.steps.MrsJobAlgorithm(
        boot_file=wf.Placeholder(name="program", placeholder_type=wf.PlaceholderType.STR, placeholder_format="obs"),
        parameters=[
            wf.AlgorithmParameters(name="run_args", value="--master,yarn-cluster"),
            wf.AlgorithmParameters(name="app_args", value="--a=1,--b=2"),
        ],
    ),
    inputs=wf.steps.MrsJobInput(name="rows", data=wf.data.OBSPath(obs_path="/default/rows/")),
    outputs=wf.steps.MrsJobOutput(name="sums", obs_config=wf.data.OBSOutputConfig(obs_path=root.join("sums/"))),
    cluster_id=wf.Placeholder(name="cluster", placeholder_type=wf.PlaceholderType.STR),
)
train = wf.steps.JobStep(
    name="train",
    algorithm=wf.BaseAlgorithm(
        command=["python", "-m", "train"],
        parameters=[
            wf.AlgorithmParameters(
                name="rate",
                value=wf.Placeholder(name="rate", placeholder_type=wf.PlaceholderType.FLOAT, delay=True),
            ),
            wf.AlgorithmParameters(name="run", value=wf.SystemEnv("execution_id")),
        ],
    ),
    inputs=wf.steps.JobInput(name="sums", data=spark.outputs["sums"].as_input()),
    outputs=wf.steps.JobOutput(
        name="model",
        model_config=wf.steps.ModelConfig(model_name="again", model_type="Custom", runtime="python3.12"),
    ),
    depend_steps=spark,
)
fill = wf.steps.DatasetImportStep(
    name="fill",
    inputs=[
        wf.steps.DatasetImportInput(name="into", data=wf.data.Dataset(dataset_name="digits")),
        wf.steps.DatasetImportInput(name="new", data=wf.data.OBSPlaceholder(name="new", object_type="directory")),
    ],
    properties=wf.steps.ImportDataInfo(
        excluded_labels=wf.steps.Label(name="blurred"), import_type=wf.steps.ImportTypeEnum.DIR
    ),
    outputs=wf.steps.DatasetImportOutput(name="filled"),
)
serve = wf.steps.ServiceStep(
    name="serve",
    inputs=[
        wf.steps.ServiceInput(name="model", data=wf.data.ServiceInputPlaceholder(name="served", model_name="again")),
        wf.steps.ServiceInput(name="old", data=wf.data.ServiceUpdatePlaceholder(name="old")),
    ],
    outputs=wf.steps.ServiceOutput(name="service", service_config=wf.steps.ServiceConfig(infer_type="real-time")),
    depend_steps=train,
)
workflow = wf.Workflow(name="others", desc="", steps=[spark, train, fill, serve], storages=root)
