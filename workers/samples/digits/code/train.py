"""Train a small neural network to read handwritten digits, with numpy and scikit-learn.

    python train.py --data_url=<dataset version>/ --train_url=out/ --epochs=30

Ordinary code: it gets folders and numbers as arguments, and writes metrics.json beside the model after every epoch.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from digits import read_split, replace, report, shifted
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier


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


def flat(images):
    return images.reshape(len(images), -1)


def save(folder, model, classes, accuracy):
    """Plain arrays and JSON: anybody can read them, and reading them runs no code."""
    arrays = {f"weights{index}": weights for index, weights in enumerate(model.coefs_)}
    arrays |= {f"biases{index}": biases for index, biases in enumerate(model.intercepts_)}
    np.savez(folder / "model.npz", **arrays)
    config = {
        "model_type": "Scikit_Learn",
        "format": "npz",
        "input": {"shape": [8, 8], "range": [0, 1]},
        "activation": model.activation,
        "labels": [str(name) for name in classes],
        "accuracy": accuracy,
    }
    replace(folder / "config.json", config)


def main():
    args = arguments()
    folder = Path(args.train_url)
    folder.mkdir(parents=True, exist_ok=True)
    images, labels = read_split(args.data_url, "train")
    held_out, truth = read_split(args.data_url, "eval")
    classes = np.unique(labels)
    print(f"{len(images)} images to train with, {len(held_out)} held out, {len(classes)} classes", flush=True)
    random = np.random.default_rng(args.seed)
    model = MLPClassifier(
        (args.hidden,), learning_rate_init=args.learning_rate, batch_size=args.batch_size, random_state=args.seed
    )
    history = []
    for epoch in range(1, args.epochs + 1):
        started = time.perf_counter()
        for _ in range(args.copies):
            model.partial_fit(flat(shifted(images, random)), labels, classes=classes)
        chances = model.predict_proba(flat(held_out))
        guesses = classes[chances.argmax(axis=1)]
        entry = {
            "train_loss": round(float(model.loss_), 5),
            "loss": round(float(log_loss(truth, chances, labels=classes)), 5),
            "accuracy": round(float((guesses == truth).mean()), 5),
            "seconds": round(time.perf_counter() - started, 3),
        }
        history.append(entry)
        replace(folder / "metrics.json", report(classes, truth, guesses, history))
        print(f"epoch {epoch}/{args.epochs}: loss {entry['loss']:.4f}, accuracy {entry['accuracy']:.4f}", flush=True)
    save(folder, model, classes, history[-1]["accuracy"])


if __name__ == "__main__":
    main()
