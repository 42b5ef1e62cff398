/** The catalogue of steps as people look for them. */

import { kindText, kindTitle } from "@/canvas/kindWords";
import type { Kinds, StepKind } from "@/model/ports";

export const GROUPS = ["data", "compute", "flow", "model", "other"] as const;
export type Group = (typeof GROUPS)[number];

const GROUP_OF: Readonly<Record<string, Group | undefined>> = { create_dataset: "data", release_dataset: "data", job: "compute", condition: "flow", model: "model", labeling: "data", dataset_import: "data", mrs_job: "compute", service: "model", workflow: "flow" };

export function grouped(kinds: readonly StepKind[]): [Group, StepKind[]][] {
  return GROUPS.map((group): [Group, StepKind[]] => [group, kinds.filter((kind) => (GROUP_OF[kind.name] ?? "other") === group)]).filter(([, members]) => members.length > 0);
}

/** Kinds whose name or text has all the words; those whose name begins with them first. */
export function matching(kinds: Kinds, search: string, among: readonly StepKind[] = [...kinds.values()]): StepKind[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const order = grouped(among).flatMap(([, members]) => members);
  if (words.length === 0) return order;
  const rank = (kind: StepKind): number => {
    const title = kindTitle(kinds, kind.name).toLowerCase();
    const all = `${title} ${kind.name} ${kindText(kinds, kind.name).toLowerCase()}`;
    if (!words.every((word) => all.includes(word))) return -1;
    return title.startsWith(words[0] ?? "") || kind.name.startsWith(words[0] ?? "") ? 2 : words.every((word) => title.includes(word)) ? 1 : 0;
  };
  return order
    .map((kind) => [kind, rank(kind)] as const)
    .filter(([, found]) => found >= 0)
    .sort(([, left], [, right]) => right - left)
    .map(([kind]) => kind);
}
