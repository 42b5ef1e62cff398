/** What the numbers of a dataset and of its versions mean. They come as free JSON, so nothing is taken for granted. */
import { asNumber } from "@/features/assets/wire";
import type { Bar } from "@/features/assets/BarList";
import { isObject } from "@/model/json";

export interface ClassCount {
  readonly label: string;
  readonly train: number;
  readonly eval: number;
}

export interface VersionCounts {
  readonly total: number;
  readonly train: number;
  readonly eval: number;
  readonly unlabelled: number;
  readonly classes: readonly ClassCount[];
}

export function versionCounts(raw: unknown): VersionCounts {
  const counts = isObject(raw) ? raw : {};
  const [train, evaluation] = [asNumber(counts.train) ?? 0, asNumber(counts.eval) ?? 0];
  const labels = isObject(counts.labels) ? counts.labels : {};
  const classes = Object.entries(labels).map(([label, found]) => ({
    label,
    train: isObject(found) ? (asNumber(found.train) ?? 0) : 0,
    eval: isObject(found) ? (asNumber(found.eval) ?? 0) : 0,
  }));
  return { total: asNumber(counts.total) ?? train + evaluation, train, eval: evaluation, unlabelled: asNumber(counts.unlabelled) ?? 0, classes: classes.sort((one, other) => inOrder(one.label, other.label)) };
}

/** "2" before "10", as people count. */
const collator = new Intl.Collator(undefined, { numeric: true });
export const inOrder = (one: string, other: string): number => collator.compare(one, other);

/** Classes by name, those without a label last. */
export function classBars(classes: Readonly<Record<string, number>>, unlabelled: string): Bar[] {
  const bars = Object.entries(classes)
    .filter(([label]) => label !== "")
    .sort(([one], [other]) => inOrder(one, other))
    .map(([label, count]) => ({ id: label, label, parts: [count] }));
  const without = classes[""] ?? 0;
  return without > 0 ? [...bars, { id: "", label: unlabelled, parts: [without], faded: true }] : bars;
}

export function splitBars(counts: VersionCounts): Bar[] {
  return counts.classes.map(({ label, train, eval: evaluation }) => ({ id: label, label, parts: [train, evaluation] }));
}
