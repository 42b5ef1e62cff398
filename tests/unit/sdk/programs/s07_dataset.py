"""S7: a dataset of a folder without labels, kept where whoever runs it says."""

from modelarts import workflow as wf

make = wf.steps.CreateDatasetStep(
    name="make",
    inputs=wf.steps.CreateDatasetInput(
        name="folder", data=wf.data.OBSPlaceholder(name="folder", object_type="directory")
    ),
    outputs=wf.steps.CreateDatasetOutput(
        name="dataset",
        config=wf.data.OBSOutputConfig(
            obs_path=wf.Placeholder(name="kept_at", placeholder_type=wf.PlaceholderType.STR, placeholder_format="obs")
        ),
    ),
    properties=wf.steps.DatasetProperties(
        dataset_name=wf.Placeholder(name="called", placeholder_type=wf.PlaceholderType.STR),
        data_type=wf.data.DataTypeEnum.IMAGE,
    ),
)
workflow = wf.Workflow(name="dataset", desc="", steps=[make])
