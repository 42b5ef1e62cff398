"""Train a small convolutional network to read handwritten digits, with torch: on a GPU where one is given.

    python train_torch.py --data_url=<dataset version>/ --train_url=out/ --epochs=30

The same arguments and the same metrics as train.py. A step sees exactly the devices that it was given.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from digits import read_split, replace, report, shifted
from torch import nn


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data_url", required=True, help="folder of a dataset version: train.jsonl and eval.jsonl")
    parser.add_argument("--train_url", required=True, help="folder for the model and metrics.json")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--learning_rate", type=float, default=0.003)
    parser.add_argument("--batch_size", type=int, default=32)
    parser.add_argument("--hidden", type=int, default=256, help="neurons of the hidden layer")
    parser.add_argument("--copies", type=int, default=10, help="shifted copies of every image in an epoch")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def network(hidden, classes):
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(32 * 4 * 4, hidden),
        nn.ReLU(),
        nn.Linear(hidden, classes),
    )


def train_epoch(model, optimizer, images, targets, batch_size):
    """One pass in random order; the mean loss."""
    model.train()
    total = 0.0
    for batch in torch.randperm(len(images), device=images.device).split(batch_size):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images[batch]), targets[batch])
        loss.backward()
        optimizer.step()
        total += float(loss.detach()) * len(batch)
    return total / len(images)


def save(folder, model, classes, accuracy):
    """Plain arrays and JSON: anybody can read them, and reading them runs no code."""
    np.savez(folder / "model.npz", **{name: value.cpu().numpy() for name, value in model.state_dict().items()})
    config = {
        "model_type": "PyTorch",
        "format": "npz",
        "input": {"shape": [1, 8, 8], "range": [0, 1]},
        "labels": [str(name) for name in classes],
        "accuracy": accuracy,
    }
    replace(folder / "config.json", config)


def main():
    args = arguments()
    folder = Path(args.train_url)
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    random = np.random.default_rng(args.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def tensor(images):
        return torch.from_numpy(np.ascontiguousarray(images[:, None])).to(device)

    images, labels = read_split(args.data_url, "train")
    held_out, truth = read_split(args.data_url, "eval")
    classes = np.unique(labels)
    targets = torch.from_numpy(np.searchsorted(classes, labels)).to(device)
    truths, held = torch.from_numpy(np.searchsorted(classes, truth)).to(device), tensor(held_out)
    print(f"{len(images)} images to train with, {len(held_out)} held out, on {device}", flush=True)
    model = network(args.hidden, len(classes)).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=args.learning_rate)
    history = []
    for epoch in range(1, args.epochs + 1):
        started = time.perf_counter()
        for _ in range(args.copies):
            train_loss = train_epoch(model, optimizer, tensor(shifted(images, random)), targets, args.batch_size)
        model.eval()
        with torch.no_grad():
            scores = model(held)
            loss = float(nn.functional.cross_entropy(scores, truths))
        guesses = classes[scores.argmax(1).cpu().numpy()]
        entry = {
            "train_loss": round(train_loss, 5),
            "loss": round(loss, 5),
            "accuracy": round(float((guesses == truth).mean()), 5),
            "seconds": round(time.perf_counter() - started, 3),
        }
        history.append(entry)
        replace(folder / "metrics.json", report(classes, truth, guesses, history))
        print(f"epoch {epoch}/{args.epochs}: loss {loss:.4f}, accuracy {entry['accuracy']:.4f}", flush=True)
    save(folder, model, classes, history[-1]["accuracy"])


if __name__ == "__main__":
    main()
