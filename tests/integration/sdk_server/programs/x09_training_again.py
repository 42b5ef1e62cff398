"""X9: trained again and again; each time one more version of the model. Everything has a default."""

from modelarts import workflow as wf

storage = wf.data.OutputStorage(name="results", default="/default/again/")
train = wf.steps.JobStep(
    name="train",
    algorithm=wf.BaseAlgorithm(
        command=(
            "keep() { for each; do case $each in --train_url=*) mkdir -p ${each#*=} && echo w > ${each#*=}/weights;; "
            "esac; done; }; keep"
        )
    ),
    outputs=wf.steps.JobOutput(
        name="train_url", obs_config=wf.data.OBSOutputConfig(obs_path=storage.join("train_output/"))
    ),
)
name = wf.Placeholder(name="model_name", placeholder_type=wf.PlaceholderType.STR, default="again")
register = wf.steps.ModelStep(
    name="register",
    inputs=wf.steps.ModelInput(name="model_input", data=train.outputs["train_url"].as_input()),
    outputs=wf.steps.ModelOutput(
        name="model_output", model_config=wf.steps.ModelConfig(model_name=name, model_type="Custom")
    ),
    depend_steps=train,
)
workflow = wf.Workflow(name="training-again", desc="", steps=[train, register], storages=storage)
workflow.release_and_run()
