/** The whole graph as one picture, for the overview and for the map: boxes and lines, no elements. */

import type { Tone } from "@/ui/Badge";
import type { FlowGraph, GroupFlowNode } from "./convert";
import { familyOf } from "./geometry";
import { familyOfKind } from "./KindIcon";
import { rectOf, type Ends, type Rect } from "./place";
import { goesBack, ROOM } from "./routing";

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Picture {
  readonly graph: FlowGraph;
  readonly ends: ReadonlyMap<string, Ends>;
  readonly routes: ReadonlyMap<string, number>;
  readonly selected: ReadonlySet<string>;
  /** By the step's name. */
  readonly toneOf: (step: string) => Tone | undefined;
  /** By the step's name: others are meant. */
  readonly faint: (step: string) => boolean;
  /** By the step's id. */
  readonly troubled: (id: string) => boolean;
}

/** Tokens of the interface as a canvas takes them. */
export type Ink = (token: string) => string;

export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element);
  const held = new Map<string, string>();
  return (token) => {
    const known = held.get(token) ?? style.getPropertyValue(`--${token}`).trim();
    held.set(token, known);
    return known;
  };
}

const TONES: Readonly<Record<Tone, string>> = { good: "good", bad: "bad", warn: "warn", busy: "accent", reuse: "reuse", idle: "line-strong", placeholder: "line-strong" };

/** As sharp as the screen; gives the context in units of the page. */
export function prepared(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const sharp = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * sharp), Math.round(height * sharp)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const context = canvas.getContext("2d");
  context?.setTransform(sharp, 0, 0, sharp, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}

export function paint(context: CanvasRenderingContext2D, picture: Picture, view: View, ink: Ink, seen: Rect, wires = true): void {
  context.save();
  context.translate(view.x, view.y);
  context.scale(view.zoom, view.zoom);
  const pixel = 1 / view.zoom;
  if (wires) paintWires(context, picture, ink, pixel);
  for (const node of picture.graph.nodes) {
    if (node.type === "subgraph") {
      paintGroup(context, node, picture, ink, pixel);
      continue;
    }
    const rect = rectOf(node);
    if (rect.x > seen.x + seen.width || rect.x + rect.width < seen.x || rect.y > seen.y + seen.height || rect.y + rect.height < seen.y) continue;
    const chart = node.type === "chart";
    const tone = chart ? undefined : picture.toneOf(node.data.step.name);
    const strength = picture.faint(node.data.step.name) ? 0.3 : 1;
    const family = chart ? "metrics" : familyOfKind(node.data.step.kind);
    context.beginPath();
    context.roundRect(rect.x, rect.y, rect.width, rect.height, Math.min(12, 4 * pixel));
    context.fillStyle = ink("panel");
    context.fill();
    context.globalAlpha = strength * (tone === undefined ? 0.3 : 0.85);
    context.fillStyle = tone === undefined ? ink(`port-${family}`) : ink(TONES[tone]);
    context.fill();
    context.globalAlpha = 1;
    const troubled = tone === undefined && picture.troubled(node.id);
    if (rect.width < 12 * pixel) {
      if (troubled) {
        context.fillStyle = ink("bad");
        context.fill();
      }
      continue;
    }
    context.lineWidth = pixel * (picture.selected.has(node.id) ? 2.5 : 1);
    context.strokeStyle = ink(picture.selected.has(node.id) ? "accent" : troubled ? "bad" : "line-strong");
    context.stroke();
  }
  context.restore();
}

function paintGroup(context: CanvasRenderingContext2D, node: GroupFlowNode, { selected, toneOf }: Picture, ink: Ink, pixel: number): void {
  const rect = rectOf(node);
  const tones = new Set(node.data.names.map(toneOf));
  const tone = WORST.find((each) => tones.has(each));
  context.beginPath();
  context.roundRect(rect.x, rect.y, rect.width, rect.height, Math.min(16, 4 * pixel));
  if (node.data.folded) {
    context.fillStyle = ink("panel");
    context.fill();
  }
  context.globalAlpha = node.data.folded ? 0.5 : 0.08;
  context.fillStyle = ink(node.data.folded && tone !== undefined ? TONES[tone] : "accent");
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = pixel * (selected.has(node.id) ? 2.5 : 1);
  context.strokeStyle = ink(selected.has(node.id) ? "accent" : "accent-line");
  context.stroke();
}

const WORST: readonly Tone[] = ["bad", "warn", "busy", "good", "reuse", "idle"];

function paintWires(context: CanvasRenderingContext2D, { graph, ends, routes, selected }: Picture, ink: Ink, pixel: number): void {
  const byColour = new Map<string, Path2D>();
  for (const edge of graph.edges) {
    const at = ends.get(edge.id);
    if (at === undefined) continue;
    const chosen = selected.has(edge.id);
    const colour = chosen ? "accent" : `port-${familyOf(edge.data?.type ?? "unknown")}`;
    const path = byColour.get(colour) ?? new Path2D();
    byColour.set(colour, path);
    trace(path, at, routes.get(edge.id));
  }
  context.lineWidth = 1.2 * pixel;
  context.globalAlpha = 0.7;
  for (const [colour, path] of byColour) {
    context.strokeStyle = ink(colour);
    context.stroke(path);
  }
  context.globalAlpha = 1;
}

function trace(path: Path2D, at: Ends, height: number | undefined): void {
  const { sx, sy, tx, ty } = at;
  path.moveTo(sx, sy);
  if (goesBack(at)) {
    const level = height ?? (sy + ty) / 2;
    for (const [x, y] of [[sx + ROOM, sy], [sx + ROOM, level], [tx - ROOM, level], [tx - ROOM, ty], [tx, ty]] as const) path.lineTo(x, y);
    return;
  }
  const middle = (sx + tx) / 2;
  if (height === undefined) path.bezierCurveTo(middle, sy, middle, ty, tx, ty);
  else for (const [x, y] of [[sx + ROOM, height], [tx - ROOM, height], [tx, ty]] as const) path.lineTo(x, y);
}
