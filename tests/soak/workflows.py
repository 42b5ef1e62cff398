"""What runs during a soak: small workflows of every shape, each of them with something that can go wrong."""

from typing import Any

Json = dict[str, Any]
# The order tells which attempt this is; a shell is all that a step needs.
METRICS = """
for i in 1 2 3 4 5 6 7 8; do
    printf '[{"key":"loss","title":"loss","type":"float","data":{"value":0.%s}}]' "$i" > "${0#--*=}new"
    mv "${0#--*=}new" "${0#--*=}metrics.json"
    echo "epoch $i"; sleep 0.15
done
echo weights > "${0#--*=}weights"
"""
DAEMON = (
    "setsid sleep 600 >/dev/null 2>&1 & env -i setsid sh -c 'sleep 601 >/dev/null 2>&1 &'; sleep 0.5; echo left two"
)
LOUD = "i=0; while [ $i -lt 2000 ]; do echo line $i of a log that somebody might read; i=$((i+1)); done; sleep 0.3"


def job(name: str, text: str, *after: str, **more: Any) -> Json:
    step = {"id": name, "name": name, "kind": "job", "properties": {"algorithm": {"command": ["sh", "-c", text]}}}
    return {**step, "depends_on": list(after), **more}


def kept(place: str) -> list[Json]:
    return [{"name": "out", "type": "obs", "config": {"obs_path": f"/default/soak/{place}/"}}]


def document(name: str, *steps: Json, **more: Any) -> Json:
    return {"schema": 1, "name": name, "steps": list(steps), **more}


def chain() -> Json:
    names = [f"s{number}" for number in range(6)]
    return document("Soak chain", *(job(name, "sleep 0.1", *names[max(0, i - 1) : i]) for i, name in enumerate(names)))


def fan() -> Json:
    names = [f"m{number}" for number in range(6)]
    middle = [job(name, LOUD if number == 0 else "sleep 0.2", "first") for number, name in enumerate(names)]
    return document("Soak fan", job("first", "true"), *middle, job("last", "true", *names))


def outputs() -> Json:
    """Two steps that replace what the run before has left, and one that reads it."""
    write = 'echo "$PIPELOOM_STEP_ORDER" > "${0#--*=}who"; head -c 200000 /dev/zero > "${0#--*=}data"; sleep 0.3'
    return document(
        "Soak outputs",
        job("left", write, outputs=kept("left")),
        job("right", write, outputs=kept("right")),
        job("join", "sleep 0.1", "left", "right"),
    )


def training() -> Json:
    """Live metrics, and a model that is registered."""
    place = {"$storage": {"name": "runs", "path": "train/"}}
    file = {"$storage": {"name": "runs", "path": "train/metrics.json", "create_dir": False}}
    made = [
        {"name": "train_url", "type": "obs", "config": {"obs_path": place}},
        {"name": "metrics", "type": "metrics", "config": {"metric_files": [file], "realtime_visualization": True}},
    ]
    register = {
        "id": "register",
        "name": "register",
        "kind": "model",
        "properties": {},
        "inputs": [{"name": "model", "data": {"$output": {"step": "train", "output": "train_url"}}}],
        "outputs": [{"name": "model", "type": "model", "config": {"model_name": "soaked"}}],
        "depends_on": ["train"],
    }
    storage = {"name": "runs", "default": "/default/soak/trained/", "create_dir": True, "with_execution_id": False}
    return document("Soak training", job("train", METRICS, outputs=made), register, storages=[storage])


def failing() -> Json:
    """Ends abnormal by itself, its other branch completed; somebody may retry the failed step."""
    return document(
        "Soak failing",
        job("good", "sleep 0.3"),
        job("bad", "sleep 0.2; echo this is meant to fail; exit 3"),
        job("never", "true", "bad"),
    )


def daemons() -> Json:
    return document("Soak daemons", job("leaves", DAEMON), job("after", "true", "leaves"))


def asking() -> Json:
    """One step waits for a value that a person gives."""
    parameter = {"id": "p", "name": "later", "type": "INT", "delay": True}
    asks = job("asks", "sleep 0.1", "first")
    asks["properties"]["algorithm"]["parameters"] = [{"name": "later", "value": {"$parameter": "later"}}]
    return document("Soak asking", job("first", "true"), asks, parameters=[parameter])


def long() -> Json:
    """Long enough to be hit by several faults, and to be stopped."""
    return document(
        "Soak long", job("slow", "for i in 1 2 3 4 5 6 7 8 9 10; do echo $i; sleep 1; done"), job("b", "true", "slow")
    )


ALL = (chain, fan, outputs, training, failing, daemons, asking, long)
EXPECTED = {"Soak failing": {"abnormal", "stopped"}}
ORDINARY = {"completed", "stopped", "abnormal"}
