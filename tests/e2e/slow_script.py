"""What the test types into the code tab: a script that writes all five types of metric, slowly enough to be watched,
and ends early when somebody puts a file called `enough` beside the folder of the images."""

SCRIPT = '''"""Learns by heart, slowly enough to be watched."""
import argparse
import json
import os
import time
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--data_url", required=True)
parser.add_argument("--train_url", required=True)
parser.add_argument("--epochs", type=int, required=True)
args = parser.parse_args()
folder = Path(args.train_url)
folder.mkdir(parents=True, exist_ok=True)
held = len((Path(args.data_url) / "eval.jsonl").read_text().splitlines())
print("held out:", held, flush=True)
first = json.loads((Path(args.data_url) / "eval.jsonl").read_text().splitlines()[0])
enough = Path(first["source"]).parents[2] / "enough"


def axis(title, value):
    return {"title": title, "value": value}


losses = []
for epoch in range(1, args.epochs + 1):
    losses.append(1 / epoch)
    items = [
        {"key": "loss", "title": "Loss", "type": "float", "data": {"value": losses[-1]}},
        {"key": "curve", "title": "Loss by epoch", "type": "line chart",
         "data": {"x_axis": [axis("epoch", list(range(1, epoch + 1)))], "y_axis": [axis("loss", losses)]}},
        {"key": "bars", "title": "Digits seen", "type": "histogram",
         "data": {"x_axis": [axis("digit", ["0", "1"])], "y_axis": [axis("times", [epoch, args.epochs])]}},
        {"key": "confusion", "title": "Confusion", "type": "table",
         "data": {"row_labels": axis("truth", ["0", "1"]), "col_labels": axis("read as", ["0", "1"]),
                  "cell_value": [[epoch, 0], [1, epoch]]}},
        {"key": "facts", "title": "Facts", "type": "one-dimensional-table",
         "data": {"labels": ["epoch", "loss"], "cell_value": [[epoch, losses[-1]]]}},
    ]
    part = folder / "metrics.json.part"
    part.write_text(json.dumps(items))
    os.replace(part, folder / "metrics.json")
    print("epoch", epoch, flush=True)
    if enough.exists():
        break
    time.sleep(0.4)
(folder / "model.txt").write_text("all of it, by heart")
'''
