"""S7: a dataset is made from files; where there is one of that name, it is taken."""

from modelarts import workflow as wf

Type = wf.PlaceholderType
folder = wf.Placeholder(name="dataset_output_path", placeholder_type=Type.STR, placeholder_format="obs")
create = wf.steps.CreateDatasetStep(
    name="create_dataset",
    inputs=wf.steps.CreateDatasetInput(
        name="files", data=wf.data.OBSPlaceholder(name="obs_placeholder_name", object_type="directory")
    ),
    outputs=wf.steps.CreateDatasetOutput(name="dataset", config=wf.data.OBSOutputConfig(obs_path=folder)),
    properties=wf.steps.DatasetProperties(
        dataset_name=wf.Placeholder(name="dataset_name", placeholder_type=Type.STR),
        data_type=wf.data.DataTypeEnum.IMAGE,
    ),
)
workflow = wf.Workflow(name="dataset-from-files", desc="", steps=create)
