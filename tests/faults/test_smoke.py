"""Without faults first: what the faults are measured against."""

import json
import sys
from pathlib import Path

from backend.apps.assets.models import DatasetVersion, ModelVersion
from backend.apps.assets.services import engine_register, storage_roots
from backend.apps.runs.models import Metric
from tests.faults.plant import Plant
from tests.harness.runs import document, job, person, start

PNG = b"\x89PNG\r\n\x1a\n"
TRAIN = """
import argparse, json, os, pathlib
parser = argparse.ArgumentParser()
for name in ("data_url", "train_url", "epochs"):
    parser.add_argument(f"--{name}")
args = parser.parse_args()
lines = pathlib.Path(args.data_url, "train.jsonl").read_text().splitlines()
folder = pathlib.Path(args.train_url)
for epoch in range(int(args.epochs)):
    metrics = [{"key": "accuracy", "title": "accuracy", "type": "float", "data": {"value": 0.9 + epoch / 100}}]
    (folder / "new").write_text(json.dumps(metrics))
    os.replace(folder / "new", folder / "metrics.json")
(folder / "weights").write_text(str(len(lines)))
(folder / "config.json").write_text('{"labels": ["cat", "dog"]}')
print("trained on", len(lines))
"""


def command(name: str, *argv: str, **more: object) -> dict[str, object]:
    return job(name, properties={"algorithm": {"command": list(argv)}}, **more)


def test_it_runs_a_chain_of_real_processes(plant: Plant) -> None:
    run = start(
        document(command("one", "sh", "-c", "echo first"), command("two", "sh", "-c", "echo second", after=["one"]))
    )
    plant.until_state(run, "completed")
    assert plant.log_of(run, "one") == "first\n"
    assert plant.log_of(run, "two") == "second\n"


def test_it_makes_a_dataset_splits_it_trains_on_it_and_registers_the_model(plant: Plant) -> None:
    default = Path(storage_roots(project=person().personal_project).local("/default/"))
    for label in ("cat", "dog"):
        (default / "images" / label).mkdir(parents=True, exist_ok=True)
        for number in range(5):
            (default / "images" / label / f"{number}.png").write_bytes(PNG + bytes([number]))
    (default / "code").mkdir(exist_ok=True)
    (default / "code" / "train.py").write_text(TRAIN)
    engine_register(name="plain", version="1", interpreter=sys.executable)
    run = start(_workflow())
    plant.until_state(run, "completed", "abnormal")
    assert run.state == "completed", plant.logs()

    version = DatasetVersion.objects.get()
    assert (version.counts["train"], version.counts["eval"]) == (8, 2)
    lines = [json.loads(line) for line in Path(version.path, "train.jsonl").read_text().splitlines()]
    assert {line["annotation"][0]["name"] for line in lines} == {"cat", "dog"}
    assert all(Path(line["source"]).is_file() for line in lines)

    assert plant.log_of(run, "train") == "trained on 8\n"
    assert run.steps.get(name="train").floats == {"metrics": {"accuracy": 0.92}}
    assert Metric.objects.get().value[0]["data"]["value"] == 0.92

    model = ModelVersion.objects.get()
    assert Path(model.path, "weights").read_text() == "8"
    assert model.config == {"labels": ["cat", "dog"]}
    assert {file["path"] for file in model.files} == {"weights", "config.json", "metrics.json"}


def _workflow() -> dict[str, object]:
    runs = {"$storage": {"name": "runs", "path": "train/"}}
    metrics = {"$storage": {"name": "runs", "path": "train/metrics.json", "create_dir": False}}
    algorithm = {
        "code_dir": "/default/code/",
        "boot_file": "train.py",
        "engine": {"engine_name": "plain", "engine_version": "1"},
        "parameters": [{"name": "epochs", "value": 3}],
    }
    formats = [{"format_name": "MA_IMAGENET_V1", "scene": "IMAGE_CLASSIFICATION"}]
    return document(
        {
            "id": "1",
            "name": "create",
            "kind": "create_dataset",
            "inputs": [{"name": "images", "data": {"obs_path": "/default/images/"}}],
            "outputs": [{"name": "dataset", "type": "dataset", "config": {"obs_path": "/default/work/"}}],
            "properties": {
                "dataset_name": "pets",
                "data_type": "IMAGE",
                "import_config": {"annotation_format_config": formats},
            },
        },
        {
            "id": "2",
            "name": "release",
            "kind": "release_dataset",
            "inputs": [{"name": "dataset", "data": {"$output": {"step": "create", "output": "dataset"}}}],
            "outputs": [{"name": "version", "type": "dataset", "config": {"train_evaluate_sample_ratio": "0.8"}}],
            "properties": {},
            "depends_on": ["create"],
        },
        {
            "id": "3",
            "name": "train",
            "kind": "job",
            "inputs": [{"name": "data_url", "data": {"$output": {"step": "release", "output": "version"}}}],
            "outputs": [
                {"name": "train_url", "type": "obs", "config": {"obs_path": runs}},
                {"name": "metrics", "type": "metrics", "config": {"metric_files": [metrics]}},
            ],
            "properties": {"algorithm": algorithm},
            "depends_on": ["release"],
        },
        {
            "id": "4",
            "name": "register",
            "kind": "model",
            "inputs": [{"name": "model", "data": {"$output": {"step": "train", "output": "train_url"}}}],
            "outputs": [{"name": "model", "type": "model", "config": {"model_name": "reader"}}],
            "properties": {},
            "depends_on": ["train"],
        },
        storages=[
            {"name": "runs", "default": "/default/runs/", "create_dir": True, "with_execution_id": True},
        ],
    )
