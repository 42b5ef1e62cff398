"""S1: from labeling to a service, five steps in a row, with placeholders of every type."""

from modelarts import workflow as wf

results = wf.data.OutputStorage(name="results", description="where runs write")
name_of_model = wf.Placeholder(name="name_of_model", placeholder_type=wf.PlaceholderType.STR)

label = wf.steps.LabelingStep(
    name="label",
    title="Label the leaves",
    properties=wf.steps.LabelTaskProperties(
        task_type=wf.data.LabelTaskTypeEnum.IMAGE_CLASSIFICATION,
        task_name=wf.Placeholder(name="leaf_task", placeholder_type=wf.PlaceholderType.STR),
    ),
    inputs=wf.steps.LabelingInput(name="leaves", data=wf.data.DatasetPlaceholder(name="leaves")),
    outputs=wf.steps.LabelingOutput(name="labelled"),
)
freeze = wf.steps.ReleaseDatasetStep(
    name="freeze",
    inputs=wf.steps.ReleaseDatasetInput(name="leaves", data=label.outputs["labelled"].as_input()),
    outputs=wf.steps.ReleaseDatasetOutput(
        name="version", dataset_version_config=wf.data.DatasetVersionConfig(train_evaluate_sample_ratio="0.8")
    ),
    depend_steps=[label],
)
train = wf.steps.JobStep(
    name="train",
    algorithm=wf.AIGalleryAlgorithm(
        subscription_id="leaf-net",
        item_version_id="1.2.0",
        parameters=[
            wf.AlgorithmParameters(name="task", value="classify"),
            wf.AlgorithmParameters(
                name="epochs",
                value=wf.Placeholder(name="epochs", placeholder_type=wf.PlaceholderType.INT, default=3),
            ),
            wf.AlgorithmParameters(
                name="decay",
                value=wf.Placeholder(name="decay", placeholder_type=wf.PlaceholderType.FLOAT, default=0.5),
            ),
            wf.AlgorithmParameters(
                name="order",
                value=wf.Placeholder(
                    name="order",
                    placeholder_type=wf.PlaceholderType.ENUM,
                    default="first",
                    enum_list=["first", "last"],
                ),
            ),
        ],
    ),
    inputs=[wf.steps.JobInput(name="leaves", data=freeze.outputs["version"].as_input())],
    outputs=[
        wf.steps.JobOutput(name="weights", obs_config=wf.data.OBSOutputConfig(obs_path=results.join("/weights/")))
    ],
    spec=wf.steps.JobSpec(
        resource=wf.steps.JobResource(
            flavor=wf.Placeholder(name="machine", placeholder_type=wf.PlaceholderType.JSON, description="what it needs")
        )
    ),
    depend_steps=[freeze],
)
keep = wf.steps.ModelStep(
    name="keep",
    inputs=[wf.steps.ModelInput(name="weights", data=train.outputs["weights"].as_input())],
    outputs=[
        wf.steps.ModelOutput(
            name="model", model_config=wf.steps.ModelConfig(model_name=name_of_model, model_type="PyTorch")
        )
    ],
    depend_steps=[train],
)
serve = wf.steps.ServiceStep(
    name="serve",
    inputs=[
        wf.steps.ServiceInput(
            name="model", data=wf.data.ServiceInputPlaceholder(name="served", model_name=name_of_model)
        )
    ],
    outputs=[wf.steps.ServiceOutput(name="service")],
    depend_steps=[keep],
)
workflow = wf.Workflow(
    name="leaves", desc="from leaves to answers", steps=[label, freeze, train, keep, serve], storages=[results]
)
