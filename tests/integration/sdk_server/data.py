"""Makes a small dataset with a version, by a program as everybody could write it."""

from pipeloom import workflow as wf

pictures = wf.data.OBSPath("/default/sdk-letters/")
create = wf.steps.CreateDatasetStep(
    name="create",
    inputs=wf.steps.CreateDatasetInput(name="pictures", data=pictures),
    outputs=wf.steps.CreateDatasetOutput(
        name="dataset", config=wf.data.OBSOutputConfig(obs_path="/default/sdk-dataset/")
    ),
    properties=wf.steps.DatasetProperties(
        dataset_name="letters",
        data_type=wf.data.DataTypeEnum.IMAGE,
        import_config=wf.steps.ImportConfig(
            annotation_format_config=[
                wf.steps.AnnotationFormatConfig(
                    format_name=wf.steps.AnnotationFormatEnum.MA_IMAGENET_V1,
                    scene=wf.data.LabelTaskTypeEnum.IMAGE_CLASSIFICATION,
                )
            ]
        ),
    ),
)
release = wf.steps.ReleaseDatasetStep(
    name="release",
    inputs=wf.steps.ReleaseDatasetInput(name="dataset", data=create.outputs["dataset"].as_input()),
    outputs=wf.steps.ReleaseDatasetOutput(
        name="version",
        dataset_version_config=wf.data.DatasetVersionConfig(
            version_name="V001", label_task_type=wf.data.LabelTaskTypeEnum.IMAGE_CLASSIFICATION
        ),
    ),
    depend_steps=create,
)
wf.Workflow(name="letters", desc="", steps=[create, release]).release_and_run()
