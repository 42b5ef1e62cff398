"""The parts that both training scripts share: read a dataset version, and write metrics.json after every epoch."""

import json
from pathlib import Path

import numpy as np
from PIL import Image


def read_split(folder, usage):
    """Images as numbers between 0 and 1, and their labels, of `train.jsonl` or `eval.jsonl`."""
    lines = [json.loads(line) for line in Path(folder, f"{usage}.jsonl").read_text().splitlines()]
    images = [np.asarray(Image.open(line["source"]).convert("L"), dtype=np.float32) / 255 for line in lines]
    return np.stack(images), np.array([line["annotation"][0]["name"] for line in lines])


def shifted(images, random):
    """Every image moved by up to one pixel, so that the model does not learn positions by heart."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    downs, rights = random.integers(0, 3, (2, len(images)))
    height, width = images.shape[1:]
    return np.stack([image[d : d + height, r : r + width] for image, d, r in zip(padded, downs, rights, strict=True)])


def curve(key, epochs, **curves):
    axes = [{"title": name.replace("_", " "), "value": values} for name, values in curves.items()]
    x_axis = [{"title": "epoch", "value": epochs}]
    return {"key": key, "title": key, "type": "line chart", "data": {"x_axis": x_axis, "y_axis": axes}}


def report(classes, labels, predictions, history):
    """All five kinds of metric, from the history so far and the predictions on the held-out images."""
    count = len(classes)
    matrix = np.zeros((count, count), dtype=int)
    np.add.at(matrix, (np.searchsorted(classes, predictions), np.searchsorted(classes, labels)), 1)
    recall = matrix.diagonal() / np.maximum(matrix.sum(axis=0), 1)
    epochs = list(range(1, len(history) + 1))
    last = history[-1]
    names = [str(name) for name in classes]
    summary = {
        "epoch": len(history),
        "held-out images": len(labels),
        "wrong": int((predictions != labels).sum()),
        "seconds per epoch": last["seconds"],
        "hardest digit": names[int(recall.argmin())],
    }
    bars = {
        "x_axis": [{"title": "digit", "value": names}],
        "y_axis": [{"title": "recall", "value": [round(value, 4) for value in recall.tolist()]}],
    }
    cells = {
        "cell_value": matrix.tolist(),
        "col_labels": {"title": "labels", "value": names},
        "row_labels": {"title": "predictions", "value": names},
    }
    return [
        {"key": "accuracy", "title": "accuracy", "type": "float", "data": {"value": last["accuracy"]}},
        {"key": "loss", "title": "loss", "type": "float", "data": {"value": last["loss"]}},
        curve(
            "loss by epoch",
            epochs,
            training=[entry["train_loss"] for entry in history],
            held_out=[entry["loss"] for entry in history],
        ),
        curve("accuracy by epoch", epochs, held_out=[entry["accuracy"] for entry in history]),
        {"key": "recall by digit", "title": "recall by digit", "type": "histogram", "data": bars},
        {"key": "confusion matrix", "title": "confusion matrix", "type": "table", "data": cells},
        {
            "key": "summary",
            "title": "summary",
            "type": "one-dimensional-table",
            "data": {"cell_value": [list(summary.values())], "labels": list(summary)},
        },
    ]


def replace(path, value):
    """Write JSON so that nobody ever reads half of it."""
    unfinished = Path(f"{path}.part")
    unfinished.write_text(json.dumps(value))
    unfinished.replace(path)
