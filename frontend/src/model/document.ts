/** The workflow document: the same form as on the server, whose JSON Schema is backend/contract/workflow.schema.json.
 *
 * Everything the server has a default for may be absent, and stays absent until it is changed: absent and default are
 * different texts with different hashes. */

import type { Json, JsonObject } from "./json";

export const SCHEMA = 1;

export const PARAMETER_TYPES = ["INT", "STR", "BOOL", "FLOAT", "ENUM", "JSON", "LIST"] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];
export const PARAMETER_FORMATS = ["obs", "flavor", "train_flavor", "swr", "pacific", "str", "int", "float", "bool"] as const;
export type ParameterFormat = (typeof PARAMETER_FORMATS)[number];
export const DATA_TYPES = ["obs", "dataset", "label_task", "swr", "model_list", "service", "gallery_model", "data_selector"] as const;
export type DataPlaceholderType = (typeof DATA_TYPES)[number];
export const OUTPUT_TYPES = ["obs", "metrics", "dataset", "model", "label_task", "service", "service_content"] as const;
export type OutputType = (typeof OUTPUT_TYPES)[number];
export const OPERATORS = ["EQ", "GT", "GTE", "IN", "LT", "LTE", "NOT", "OR"] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Parameter {
  readonly id: string;
  readonly name: string;
  readonly title?: string;
  readonly type: ParameterType;
  readonly format?: ParameterFormat | null;
  /** Absent is no default; null, 0, "" and false are defaults. */
  readonly default?: Json;
  readonly enum?: readonly Json[];
  readonly required?: boolean;
  readonly delay?: boolean;
  readonly description?: string;
  readonly constraint?: JsonObject;
  readonly example?: Json;
}

/** What the chosen data must be; the value may be a placeholder. */
export interface DataCondition {
  readonly attribute: string;
  readonly operator?: "equal";
  readonly value: Json;
}

export interface Data {
  readonly id: string;
  readonly name: string;
  readonly type: DataPlaceholderType;
  readonly placeholder?: boolean;
  readonly object_type?: "directory" | "file";
  readonly default?: JsonObject | null;
  readonly value?: JsonObject | null;
  readonly delay?: boolean;
  readonly required?: boolean;
  readonly description?: string;
  readonly conditions?: readonly DataCondition[];
  /** Of a selector: what whoever runs the workflow can choose among. */
  readonly data_type_list?: readonly DataPlaceholderType[];
}

export interface Storage {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly create_dir?: boolean;
  readonly with_execution_id?: boolean;
  readonly default?: string | null;
}

export interface Input {
  readonly name: string;
  /** null: nothing is connected yet. */
  readonly data: Json;
}

export interface Output {
  readonly name: string;
  readonly type: OutputType;
  readonly config?: JsonObject;
}

/** Whether it has metrics: an output of its own for them, or a folder with a file that holds some. */
export function makesMetrics(output: Output): boolean {
  const file = output.config?.metric_file;
  return output.type === "metrics" || (output.type === "obs" && file !== undefined && file !== null && file !== "");
}

export interface Condition {
  readonly type: Operator;
  readonly left: Json;
  readonly right: Json;
}

/** Handles of a condition step, and the properties that they fill. */
export const BRANCH_FIELDS = { then: "if_then_steps", else: "else_then_steps" } as const;
export type Branch = keyof typeof BRANCH_FIELDS;

export interface Policy {
  readonly poll_interval_seconds?: number;
  readonly max_execution_minutes?: number;
  readonly skip_conditions?: readonly Condition[];
  /** false: earlier results are never taken over by themselves. */
  readonly reuse?: boolean;
}

export interface Step {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputs?: readonly Input[];
  readonly outputs?: readonly Output[];
  readonly properties?: JsonObject;
  readonly policy?: Policy;
  readonly depends_on?: readonly string[];
}

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly steps?: readonly string[];
  readonly description?: string;
}

export interface Note {
  readonly id: string;
  readonly text?: string;
}

export interface Position {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly nodes?: Readonly<Record<string, Position>>;
  /** Subgraphs that are shown as one node. */
  readonly folded?: Readonly<Record<string, boolean>>;
}

export interface WorkflowDocument {
  readonly schema: number;
  readonly name: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly data?: readonly Data[];
  readonly storages?: readonly Storage[];
  readonly steps?: readonly Step[];
  readonly scenes?: readonly Group[];
  readonly subgraphs?: readonly Group[];
  readonly notes?: readonly Note[];
  readonly layout?: Layout;
}

/** Lists of the document, and what tells their entries apart. */
export const LIST_KEYS = {
  parameters: "id",
  data: "id",
  storages: "name",
  steps: "id",
  scenes: "id",
  subgraphs: "id",
  notes: "id",
} as const;
export type ListName = keyof typeof LIST_KEYS;

export const NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
export const WORKFLOW_NAME_PATTERN = /^[A-Za-z\u4e00-\u9fff][A-Za-z0-9_ \u4e00-\u9fff-]{0,63}$/;

export function emptyDocument(name: string): WorkflowDocument {
  return { schema: SCHEMA, name, description: "", parameters: [], data: [], storages: [], steps: [], layout: { nodes: {} } };
}

/** The document as plain JSON. An interface has no index signature, so TypeScript needs to be told. */
export function asJson(document: WorkflowDocument): JsonObject {
  return document as unknown as JsonObject;
}

/** Documents are never changed, so what is known of a list of steps stays true. Asked for once a wire, a search through
 * ten thousand of them would take seconds. */
function indexed(key: "id" | "name"): (document: WorkflowDocument, value: string) => Step | undefined {
  const known = new WeakMap<readonly Step[], ReadonlyMap<string, Step>>();
  return ({ steps }, value) => {
    if (steps === undefined) return undefined;
    let index = known.get(steps);
    if (index === undefined) {
      // Of two that are called the same, the first.
      index = new Map(steps.toReversed().map((step) => [step[key], step]));
      known.set(steps, index);
    }
    return index.get(value);
  };
}

export const stepById = indexed("id");
export const stepByName = indexed("name");

export function parameterByName(document: WorkflowDocument, name: string): Parameter | undefined {
  return document.parameters?.find((parameter) => parameter.name === name);
}

export function hasDefault(placeholder: Parameter | Data): boolean {
  return Object.hasOwn(placeholder, "default");
}

export function shownTitle(step: Step): string {
  return step.title || step.name;
}

export function positionOf(document: WorkflowDocument, id: string): Position | undefined {
  return document.layout?.nodes?.[id];
}

/** A name like the wanted one that nobody has yet: train, train_2, train_3. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  const base = wanted.replace(/_\d+$/, "").slice(0, 58);
  let count = 2;
  while (taken.has(`${base}_${String(count)}`)) count += 1;
  return `${base}_${String(count)}`;
}

/** What somebody typed, as a name that the document takes: letters, digits, _ and -. */
export function nameFrom(typed: string, fallback: string): string {
  const plain = typed
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9_-]+/g, "_")
    .replace(/^[^A-Za-z]+/, "")
    .replace(/_+$/, "")
    .slice(0, 64);
  return plain === "" ? fallback : plain;
}
