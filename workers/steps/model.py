"""model: a copy of a folder, with the hash of every file, as a new version of a model."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from backend.domain.problems import problem
from backend.domain.run.messages import ModelEffect, OrderInput, OrderOutput, ReportFile, ReportOutput, StepOrder
from backend.domain.untrusted_json import JsonValue, UntrustedJson, parse_untrusted_json
from workers.steps.failure import StepFailure
from workers.steps.result import Result, say

LARGEST_CONFIG = 1 << 20
# Beside the weights, or where the packages of the original system keep it.
_CONFIGS = ("config.json", "model/config.json")
_CHUNK = 1 << 20
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def carry_out(order: StepOrder) -> Result:
    """Without an input the version is a name and a description only, as for models that live in an image."""
    name, output = next(iter(order.outputs.items()))
    folder = Path(output.path)
    folder.mkdir(parents=True, exist_ok=True)
    files = [file for given, source in order.inputs.items() for file in _copied(given, source, folder)]
    total = sum(file.size for file in files)
    say(f"{len(files)} files, {total} bytes")
    return Result(
        [_effect(name, output, folder, files)], {name: ReportOutput(files=files, bytes=total, count=len(files))}
    )


def _effect(name: str, output: OrderOutput, folder: Path, files: list[ReportFile]) -> ModelEffect:
    config = output.config
    return ModelEffect(
        output=name,
        name=str(config["model_name"]),
        version=str(config["model_version"]) if config.get("model_version") else None,
        model_type=str(config.get("model_type") or "TensorFlow"),
        folder=output.path,
        files=files,
        config=_config(folder),
    )


def _copied(given: str, source: OrderInput, folder: Path) -> list[ReportFile]:
    top = Path(source.path)
    if not top.exists():
        raise StepFailure(problem("step.input_missing", input=given, where=source.logical))
    if top.is_file():
        return [_copy(top, folder / top.name, top.name)]
    files = sorted((_copy(path, folder / name, name) for name, path in _walk(top)), key=lambda file: file.path)
    if not files:
        raise StepFailure(problem("step.model_empty", where=source.logical))
    return files


def _walk(top: Path) -> Iterator[tuple[str, Path]]:
    """A link inside the folder is copied as what it leads to; one that leads out of it is refused."""
    within = top.resolve()
    for base, folders, files in os.walk(top):
        folders.sort()
        for name in sorted(files):
            path = Path(base, name)
            relative = str(path.relative_to(top))
            if not path.resolve().is_relative_to(within):
                raise StepFailure(problem("step.output_link", output=top.name, file=relative))
            yield relative, path.resolve()


def _copy(source: Path, target: Path, relative: str) -> ReportFile:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(source, _READ), "rb", buffering=0) as reading, open(target, "xb") as writing:
            found = os.fstat(reading.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise StepFailure(problem("step.input_changed", file=relative, error="not an ordinary file"))
            while chunk := reading.read(_CHUNK):
                digest.update(chunk)
                writing.write(chunk)
                size += len(chunk)
            shutil.copymode(source, target)
    except OSError as error:
        raise StepFailure(problem("step.input_changed", file=relative, error=error.strerror)) from error
    return ReportFile(path=relative, size=size, sha256=digest.hexdigest())


def _config(folder: Path) -> dict[str, JsonValue]:
    """What the model says about itself; unreadable, it is left out and said so, since the weights are still good."""
    for name in _CONFIGS:
        path = folder / name
        if not path.is_file():
            continue
        try:
            with open(path, "rb") as file:
                found = parse_untrusted_json(file.read(LARGEST_CONFIG + 1), max_bytes=LARGEST_CONFIG)
        except UntrustedJson as refused:
            say(f"{name} is not used: {refused.problem.message}")
            return {}
        if isinstance(found, dict):
            return found
        say(f"{name} is not used: it is not an object.")
    return {}
