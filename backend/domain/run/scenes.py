"""Scenes: a named part of a workflow that is run by itself, on results of earlier runs where it needs any.

A scene is off until somebody chooses it for a run. Steps outside of it take no part, and only what its own steps use
is asked for.
"""

from __future__ import annotations

from dataclasses import replace

from backend.domain.design.document import Document
from backend.domain.problems import Problem, problem
from backend.domain.run.part import Wanted


def with_scene(document: Document, wanted: Wanted) -> Wanted | Problem:
    """What was asked for, with the steps of the chosen scene; unknown names among them are left for the check."""
    if wanted.scene is None:
        return wanted
    if wanted.steps:
        return problem("run.scene_and_steps", "/scene")
    found = next((scene for scene in document.scenes if scene.name == wanted.scene), None)
    if found is None:
        known = ", ".join(scene.name for scene in document.scenes) or "none"
        return problem("run.unknown_scene", "/scene", scene=wanted.scene, known=known)
    steps = tuple(dict.fromkeys(name for name in found.steps if document.step(name) is not None))
    if not steps:
        return problem("run.scene_empty", "/scene", scene=wanted.scene)
    return replace(wanted, steps=steps, mode="only")
