/** Scenes and subgraphs: steps under a name. A step lies in one subgraph at most, and in as many scenes as one likes. Pure. */

import type { Command } from "./commands";
import { freeName, type Group, type Step, type WorkflowDocument } from "./document";
import { producersIn } from "./references";
import type { Json } from "./json";

export type GroupList = "scenes" | "subgraphs";

export const groupById = (document: WorkflowDocument, list: GroupList, id: string): Group | undefined => document[list]?.find((group) => group.id === id);

/** The steps of a group that are there, in the order of the document. */
export function membersOf(document: WorkflowDocument, group: Group): readonly Step[] {
  const names = new Set(group.steps);
  return (document.steps ?? []).filter((step) => names.has(step.name));
}

export function subgraphOf(document: WorkflowDocument, stepName: string): Group | undefined {
  return document.subgraphs?.find((group) => group.steps?.includes(stepName));
}

/** A new group of these steps. A subgraph takes them out of the ones in which they are; one that is then empty goes. */
export function grouping(document: WorkflowDocument, list: GroupList, ids: readonly string[], id: string, word: string): Command | null {
  const chosen = new Set(ids);
  const names = (document.steps ?? []).filter((step) => chosen.has(step.id)).map((step) => step.name);
  if (names.length === 0) return null;
  const taken = new Set((document[list] ?? []).map((group) => group.name));
  const entry: Group = { id, name: free(word, taken), steps: names };
  const commands: Command[] = list === "subgraphs" ? leaving(document, new Set(names)) : [];
  return { type: "batch", commands: [...commands, { type: "entry.add", list, entry }], label: `${list}.add` };
}

/** Like a name of a step where it can be one; other scripts have no such names. */
function free(word: string, taken: ReadonlySet<string>): string {
  if (/^[A-Za-z]/.test(word)) return freeName(word, taken);
  let name = word;
  for (let count = 2; taken.has(name); count += 1) name = `${word} ${String(count)}`;
  return name;
}

/** Which steps a group has. For a subgraph these leave the others. */
export function withMembers(document: WorkflowDocument, list: GroupList, id: string, names: readonly string[]): Command {
  const set: Command = { type: "entry.update", list, key: id, changes: { set: { steps: names as Json } } };
  const commands = list === "subgraphs" ? leaving(document, new Set(names), id) : [];
  return commands.length === 0 ? set : { type: "batch", commands: [...commands, set], label: `${list}.update` };
}

function leaving(document: WorkflowDocument, names: ReadonlySet<string>, but?: string): Command[] {
  return (document.subgraphs ?? []).flatMap((group): Command[] => {
    const left = (group.steps ?? []).filter((name) => !names.has(name));
    if (group.id === but || left.length === (group.steps?.length ?? 0)) return [];
    if (left.length === 0) return [{ type: "entry.remove", list: "subgraphs", key: group.id }];
    return [{ type: "entry.update", list: "subgraphs", key: group.id, changes: { set: { steps: left } } }];
  });
}

export const ungrouping = (list: GroupList, id: string): Command => ({ type: "batch", commands: [{ type: "entry.remove", list, key: id }], label: `${list}.remove` });

/** What a scene takes of steps that are not in it: an earlier run has to have made it. By the step that needs it. */
export function missingIn(document: WorkflowDocument, group: Group): ReadonlyMap<string, readonly string[]> {
  const members = new Set(group.steps);
  const found = new Map<string, readonly string[]>();
  for (const step of membersOf(document, group)) {
    const outside = producersIn([step.inputs ?? [], step.properties ?? {}, step.policy ?? {}] as unknown as Json).filter((name) => !members.has(name));
    if (outside.length > 0) found.set(step.name, [...new Set(outside)]);
  }
  return found;
}
