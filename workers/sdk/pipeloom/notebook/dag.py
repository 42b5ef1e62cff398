"""A workflow as one SVG: steps in layers, arrows down the layers, states by colour. No script, no outside request.

Every text is escaped. Colours come from a style inside the drawing that follows the notebook's own scheme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final, NamedTuple

Json = dict[str, Any]
Points = dict[str, tuple[float, float]]

WIDTH: Final = 176
_HEIGHT: Final = 52
_GAP_X: Final = 36
_GAP_Y: Final = 56
_EDGE: Final = 16
_LONGEST: Final = 22
_LONGEST_SMALL: Final = 27
_SWEEPS: Final = 4


class Mark(NamedTuple):
    """What is known of a step in a run."""

    state: str
    about: str = ""


_STYLE: Final = """
.pl{--ink:#1f2430;--soft:#667085;--card:#fff;--line:#c3c9d4;color-scheme:light dark;font:13px system-ui,sans-serif}
@media (prefers-color-scheme:dark){.pl{--ink:#e6e9f0;--soft:#98a2b3;--card:#1d2230;--line:#4a5264}}
[data-jp-theme-light="false"] .pl,body.vscode-dark .pl{--ink:#e6e9f0;--soft:#98a2b3;--card:#1d2230;--line:#4a5264}
[data-jp-theme-light="true"] .pl,body.vscode-light .pl{--ink:#1f2430;--soft:#667085;--card:#fff;--line:#c3c9d4}
.pl .n{fill:var(--card);stroke:var(--line)}.pl .t{fill:var(--ink)}.pl .k{fill:var(--soft);font-size:11px}
.pl .e{fill:none;stroke:var(--line);stroke-width:1.5}.pl .a{fill:var(--line)}.pl .b{fill:var(--line)}
.pl .completed .n{stroke:#17a35b}.pl .completed .b{fill:#17a35b}
.pl .failed .n,.pl .create_failed .n,.pl .timeout .n{stroke:#e5484d}
.pl .failed .b,.pl .create_failed .b,.pl .timeout .b{fill:#e5484d}
.pl .running .n,.pl .creating .n{stroke:#2f7de1}.pl .running .b,.pl .creating .b{fill:#2f7de1}
.pl .stopped .b,.pl .stopping .b{fill:#d9930d}.pl .wait_inputs .b,.pl .hold .b{fill:#9353d3}
.pl .skipped{opacity:.55}.pl .skipped .n{stroke-dasharray:4 3}
"""


def dag_svg(raw: Json, marks: Mapping[str, Mark] | None = None) -> str:
    """A document, well formed or not; what cannot be read as a step is left out."""
    steps = [each for each in raw.get("steps", ()) if isinstance(each, dict) and isinstance(each.get("name"), str)]
    names = [each["name"] for each in steps]
    parents = {each["name"]: _parents(each, set(names)) for each in steps}
    layers = _ordered(_layers(names, parents), parents)
    places = _places(layers, parents)
    width = max((x + WIDTH for x, _ in places.values()), default=WIDTH) + _EDGE
    height = max((y + _HEIGHT for _, y in places.values()), default=0) + _EDGE
    title = escape(str(raw.get("name", "")), quote=True)
    edges = "".join(_edge(places[parent], places[name]) for name in names for parent in parents[name])
    nodes = "".join(_node(each, places[each["name"]], (marks or {}).get(each["name"])) for each in steps)
    return (
        f'<div style="overflow:auto"><svg class="pl" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-label="{title}" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}">'
        f"<style>{_STYLE}</style>"
        f'<defs><marker id="pl-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto-start-reverse"><path class="a" d="M0 0 8 4 0 8z"/></marker></defs>{edges}{nodes}</svg></div>'
    )


def _parents(step: Json, known: set[str]) -> list[str]:
    given = step.get("depends_on")
    named = given if isinstance(given, list) else []
    return [name for name in dict.fromkeys(filter(lambda each: isinstance(each, str), named)) if name in known]


def _layers(names: Sequence[str], parents: Mapping[str, list[str]]) -> list[list[str]]:
    """Each step one below the lowest of its parents; what stands on a circle comes last."""
    depth: dict[str, int] = {}
    left = list(dict.fromkeys(names))
    while left:
        ready = [name for name in left if all(parent in depth for parent in parents[name])] or left
        for name in ready:
            depth[name] = 1 + max((depth.get(parent, -1) for parent in parents[name]), default=-1)
        left = [name for name in left if name not in depth]
    layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name, level in depth.items():
        layers[level].append(name)
    return layers


def _ordered(layers: list[list[str]], parents: Mapping[str, list[str]]) -> list[list[str]]:
    """Beside one another so that few arrows cross: each where its neighbours are in the mean, a few times over."""
    children: dict[str, list[str]] = {name: [] for name in parents}
    for name, above in parents.items():
        for parent in above:
            children[parent].append(name)
    for sweep in range(_SWEEPS):
        neighbours = parents if sweep % 2 == 0 else children
        place = {name: at for layer in layers for at, name in enumerate(layer)}
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            layer.sort(key=lambda name: _mean([place[each] for each in neighbours[name]], place[name]))
            place.update({name: at for at, name in enumerate(layer)})
    return layers


def _mean(found: Sequence[float], otherwise: float) -> float:
    return sum(found) / len(found) if found else otherwise


def _places(layers: Sequence[Sequence[str]], parents: Mapping[str, list[str]]) -> Points:
    """Each step below the middle of its parents, as far as those beside it leave room."""
    widest = max((len(layer) for layer in layers), default=1)
    pitch, full = WIDTH + _GAP_X, widest * (WIDTH + _GAP_X) - _GAP_X
    found: dict[str, float] = {}
    for layer in layers:
        left = (full - (len(layer) * pitch - _GAP_X)) / 2
        wanted = [
            _mean([found[each] for each in parents[name] if each in found], left + at * pitch)
            for at, name in enumerate(layer)
        ]
        placed: list[float] = []
        for each in wanted:
            placed.append(max(each, placed[-1] + pitch) if placed else each)
        shift = _mean([wish - place for wish, place in zip(wanted, placed, strict=True)], 0.0)
        found.update({name: place + shift for name, place in zip(layer, placed, strict=True)})
    least = min(found.values(), default=0.0)
    levels = {name: level for level, layer in enumerate(layers) for name in layer}
    return {name: (_EDGE + x - least, _EDGE + levels[name] * (_HEIGHT + _GAP_Y)) for name, x in found.items()}


def _edge(start: tuple[float, float], end: tuple[float, float]) -> str:
    x, y = start[0] + WIDTH / 2, start[1] + _HEIGHT
    to_x, to_y = end[0] + WIDTH / 2, end[1] - 2
    half = (to_y - y) / 2
    return (
        f'<path class="e" marker-end="url(#pl-arrow)" '
        f'd="M{x:g} {y:g}C{x:g} {y + half:g} {to_x:g} {to_y - half:g} {to_x:g} {to_y:g}"/>'
    )


def _node(step: Json, place: tuple[float, float], mark: Mark | None) -> str:
    x, y = place
    title = str(step.get("title") or step["name"])
    kind = str(step.get("kind", ""))
    below = f"{kind} · {mark.state.replace('_', ' ')}" if mark else kind
    hover = " – ".join(part for part in (title, mark.about if mark else kind) if part)
    state = escape(mark.state, quote=True) if mark else ""
    return (
        f'<g class="{state}" transform="translate({x:g} {y:g})"><title>{escape(hover)}</title>'
        f'<rect class="n" width="{WIDTH}" height="{_HEIGHT}" rx="9" stroke-width="1.5"/>'
        f'<rect class="b" width="4" height="{_HEIGHT - 20}" x="8" y="10" rx="2"/>'
        f'<text class="t" x="20" y="22">{escape(_short(title, _LONGEST))}</text>'
        f'<text class="k" x="20" y="39">{escape(_short(below, _LONGEST_SMALL))}</text></g>'
    )


def _short(text: str, room: int) -> str:
    """Wide characters take the room of two."""
    kept = ""
    for letter in text:
        room -= 2 if ord(letter) > 0x2E7F else 1
        if room < 0:
            return kept[:-1] + "…"
        kept += letter
    return kept
