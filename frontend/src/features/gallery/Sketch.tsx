/** A workflow as a small drawing: where its steps lie and what waits for what. */

import { familyOfKind } from "@/canvas/KindIcon";
import { t, useLanguage } from "@/i18n/i18n";
import type { Position, Step, WorkflowDocument } from "@/model/document";
import { graphOf } from "@/model/graph";
import styles from "./Sketch.module.css";

const WIDTH = 240;
const HEIGHT = 96;
const GAP = 64;
/** More than these could not be told apart. */
const MOST = 300;

export function Sketch({ document }: { readonly document: WorkflowDocument }) {
  useLanguage();
  const all = document.steps ?? [];
  const steps = all.slice(0, MOST);
  const places = placesOf({ ...document, steps });
  const xs = [...places.values()].map((each) => each.x);
  const ys = [...places.values()].map((each) => each.y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left + WIDTH, Math.max(...ys) - top + HEIGHT];
  if (steps.length === 0) return <div className={styles.frame} />;
  return (
    <svg className={styles.frame} viewBox={`${String(left - GAP / 2)} ${String(top - GAP / 2)} ${String(width + GAP)} ${String(height + GAP)}`} role="img" aria-label={t("gallery.sketch", { count: all.length })}>
      {steps.flatMap((step) =>
        (step.depends_on ?? []).map((parent) => {
          const [from, to] = [places.get(parent), places.get(step.name)];
          return from === undefined || to === undefined ? null : <path key={`${parent} ${step.name}`} d={curve(from, to)} className={styles.wire} />;
        }),
      )}
      {steps.map((step) => (
        <Box key={step.name} step={step} at={places.get(step.name)} />
      ))}
    </svg>
  );
}

function Box({ step, at }: { readonly step: Step; readonly at: Position | undefined }) {
  if (at === undefined) return null;
  return (
    <g className={styles.step} data-family={familyOfKind(step.kind)}>
      <rect x={at.x} y={at.y} width={WIDTH} height={HEIGHT} rx={14} />
      <rect className={styles.sign} x={at.x + 18} y={at.y + 24} width={48} height={48} rx={10} />
      <rect className={styles.line} x={at.x + 84} y={at.y + 30} width={118} height={12} rx={6} />
      <rect className={styles.line} x={at.x + 84} y={at.y + 56} width={72} height={10} rx={5} />
    </g>
  );
}

function curve(from: Position, to: Position): string {
  const [sx, sy, tx, ty] = [from.x + WIDTH, from.y + HEIGHT / 2, to.x, to.y + HEIGHT / 2];
  const bend = Math.max(40, Math.abs(tx - sx) / 2);
  return `M${String(sx)} ${String(sy)}C${String(sx + bend)} ${String(sy)} ${String(tx - bend)} ${String(ty)} ${String(tx)} ${String(ty)}`;
}

/** By name. Where nobody laid it out, each step stands right of what it waits for. */
function placesOf(document: WorkflowDocument): Map<string, Position> {
  const steps = document.steps ?? [];
  const laid = document.layout?.nodes ?? {};
  if (steps.every((step) => laid[step.id] !== undefined)) return new Map(steps.map((step) => [step.name, laid[step.id] as Position]));
  const graph = graphOf(document);
  const column = new Map<string, number>();
  const filled: number[] = [];
  const places = new Map<string, Position>();
  for (const name of [...graph.order, ...steps.map((step) => step.name)]) {
    if (places.has(name)) continue;
    const x = 1 + Math.max(-1, ...(graph.parents.get(name) ?? []).map((parent) => column.get(parent) ?? -1));
    const y = filled[x] ?? 0;
    column.set(name, x);
    filled[x] = y + 1;
    places.set(name, { x: x * (WIDTH + GAP * 1.5), y: y * (HEIGHT + GAP) });
  }
  return places;
}
