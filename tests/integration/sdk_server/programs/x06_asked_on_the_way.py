"""X6: what is asked for only when the step that uses it is reached."""

from modelarts import workflow as wf

word = wf.Placeholder(name="word", placeholder_type=wf.PlaceholderType.STR, delay=True)
first = wf.steps.JobStep(name="first", algorithm=wf.BaseAlgorithm(command=["echo", "begun"]))
say = wf.steps.JobStep(
    name="say",
    algorithm=wf.BaseAlgorithm(command=["echo", "said"], parameters=wf.AlgorithmParameters(name="word", value=word)),
    depend_steps=first,
)
wf.Workflow(name="asked-on-the-way", desc="", steps=[first, say]).release_and_run()
