"""What the measured step runs: one more point in its metrics file a few times a second, until somebody stops it.

Says in its log when each point was written. The pauses differ, so that nothing of ours that goes by the clock happens
to be in step with it.
"""

import json
import random
import sys
import time
from pathlib import Path
from typing import Any

PAUSE = (0.25, 0.45)


def items(points: int, charts: int) -> list[dict[str, Any]]:
    x = {"title": "step", "value": list(range(1, points + 1))}
    y = {"title": "loss", "value": [1 / number for number in x["value"]]}
    curve = {"x_axis": [x], "y_axis": [y]}
    return [{"key": f"curve{number}", "title": "Loss", "type": "line chart", "data": curve} for number in range(charts)]


def main() -> None:
    given = dict(each.removeprefix("--").split("=", 1) for each in sys.argv[1:])
    folder, charts = Path(given["out"]), int(given["charts"])
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "metrics.json.part"
    points = 0
    while True:
        points += 1
        part.write_text(json.dumps(items(points, charts)))
        at = time.time()
        part.replace(folder / "metrics.json")
        sys.stdout.write(f"{points} {at:.6f}\n")
        sys.stdout.flush()
        time.sleep(random.uniform(*PAUSE))


if __name__ == "__main__":
    main()
