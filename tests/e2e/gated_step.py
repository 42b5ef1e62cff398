"""What the steps of the browser tests run: they go on when the test opens their gate, a file in the folder of gates.

--mode=train  one more point in metrics.json after the other, until the gate `train` is open
--mode=wait   nothing, until the gate of its --name is open
--mode=fail   ends with 3, unless --luck=good
--mode=log    --megabytes of log at once, then a line now and then, until the gate `log` is open
"""

import json
import os
import sys
import time
from pathlib import Path

given = dict(each.removeprefix("--").split("=", 1) for each in sys.argv[1:])
gates = Path(given["gates"])


def is_open(name: str) -> bool:
    return (gates / name).exists()


def train(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    points = 0
    while not is_open("train"):
        points += 1
        x = {"title": "step", "value": list(range(1, points + 1))}
        y = {"title": "value", "value": [number * number for number in x["value"]]}
        items = [
            {"key": "curve", "title": "Squares", "type": "line chart", "data": {"x_axis": [x], "y_axis": [y]}},
            {"key": "last", "title": "Last", "type": "float", "data": {"value": points * points}},
        ]
        part = folder / "metrics.json.part"
        part.write_text(json.dumps(items))
        part.replace(folder / "metrics.json")
        print("point", points, flush=True)
        time.sleep(0.12)
    print("points written:", points, flush=True)


def wait(name: str) -> None:
    print("waiting", flush=True)
    while not is_open(name):
        time.sleep(0.05)


def fail(luck: str) -> None:
    print("the luck is", luck, flush=True)
    if luck != "good":
        sys.exit(3)


def log(megabytes: int) -> None:
    line = "0123456789abcdef" * 6 + "\n"
    for number in range(megabytes):
        sys.stdout.write(f"megabyte {number}\n" + line * (1_048_576 // len(line)))
    sys.stdout.flush()
    number = 0
    while not is_open("log"):
        number += 1
        print("line", number, "after all that", flush=True)
        time.sleep(0.1)
    print("the last line of all", flush=True)
    os.close(1)


def main() -> None:
    mode = given["mode"]
    if mode == "train":
        train(Path(given["out"]))
    elif mode == "wait":
        wait(given["name"])
    elif mode == "fail":
        fail(given["luck"])
    else:
        log(int(given["megabytes"]))


main()
