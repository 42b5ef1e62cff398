"""S8: labels beside the images, and one name for two placeholders that differ: a conflict that names both lines."""

from modelarts import workflow as wf

place = wf.Placeholder(name="twice", placeholder_type=wf.PlaceholderType.STR, placeholder_format="obs")
called = wf.Placeholder(name="twice", placeholder_type=wf.PlaceholderType.STR)
make = wf.steps.CreateDatasetStep(
    name="make",
    inputs=wf.steps.CreateDatasetInput(
        name="folder", data=wf.data.OBSPlaceholder(name="folder", object_type="directory")
    ),
    outputs=wf.steps.CreateDatasetOutput(name="dataset", config=wf.data.OBSOutputConfig(obs_path=place)),
    properties=wf.steps.DatasetProperties(
        dataset_name=called,
        import_config=wf.steps.ImportConfig(
            annotation_format_config=wf.steps.AnnotationFormatConfig(
                format_name=wf.steps.AnnotationFormatEnum.MA_IMAGE_CLASSIFICATION_V1,
                scene=wf.data.LabelTaskTypeEnum.IMAGE_CLASSIFICATION,
            )
        ),
    ),
)
workflow = wf.Workflow(name="conflict", desc="", steps=[make])
