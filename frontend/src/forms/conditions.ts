/** Conditions while they are built: what an operand is, which kinds of value it can have, and what cannot be compared.
 * The same rules as on the server. */

import { makesMetrics, type Condition, type Operator, type Parameter, type WorkflowDocument } from "@/model/document";
import { parameterByName } from "@/model/document";
import { isList, isObject, type Json, type JsonObject } from "@/model/json";
import { asReference, isLiteral, isReserved } from "@/model/references";

export type ValueKind = "number" | "text" | "truth" | "list" | "object" | "null";

/** What stands on one side, as the form offers it. */
export type OperandType = "number" | "text" | "truth" | "list" | "null" | "parameter" | "metric" | "condition" | "json";

const KINDS_OF_TYPE: Readonly<Record<Exclude<Parameter["type"], "ENUM">, readonly ValueKind[]>> = {
  INT: ["number"],
  FLOAT: ["number"],
  STR: ["text"],
  BOOL: ["truth"],
  JSON: ["object", "list"],
  LIST: ["list"],
};

export function isCondition(value: Json | undefined): value is JsonObject & Condition {
  return isObject(value) && Object.hasOwn(value, "type") && !isReserved(value);
}

export function operandType(value: Json): OperandType {
  const reference = asReference(value);
  if (reference?.kind === "parameter") return "parameter";
  if (reference?.kind === "metric") return "metric";
  if (reference !== null || isLiteral(value)) return "json";
  if (isCondition(value)) return "condition";
  if (value === null) return "null";
  if (isList(value)) return "list";
  if (typeof value === "number") return "number";
  if (typeof value === "string") return "text";
  return typeof value === "boolean" ? "truth" : "json";
}

/** The kinds of value an operand can have; none: nobody knows yet. */
export function kindsOf(document: WorkflowDocument, operand: Json): readonly ValueKind[] {
  if (isLiteral(operand)) return [kindOfValue(operand.$literal as Json)];
  const reference = asReference(operand);
  if (reference?.kind === "parameter") {
    const parameter = parameterByName(document, reference.name);
    if (parameter === undefined) return [];
    return parameter.type === "ENUM" ? [...new Set((parameter.enum ?? []).map(kindOfValue))] : KINDS_OF_TYPE[parameter.type];
  }
  if (reference?.kind === "metric") return ["number"];
  if (reference !== null) return [];
  if (isCondition(operand)) return ["truth"];
  return isObject(operand) ? [] : [kindOfValue(operand)];
}

export function kindOfValue(value: Json): ValueKind {
  if (value === null) return "null";
  if (isList(value)) return "list";
  if (typeof value === "number") return "number";
  if (typeof value === "string") return "text";
  return typeof value === "boolean" ? "truth" : "object";
}

export function comparable(operator: Operator, left: ValueKind, right: ValueKind): boolean {
  if (operator === "EQ" || operator === "NOT") return left === right || left === "null" || right === "null";
  if (operator === "IN") return right === "list";
  if (operator === "OR") return left === "truth" && right === "truth";
  return left === right && (left === "number" || left === "text");
}

export interface Mismatch {
  readonly operator: Operator;
  readonly left: readonly ValueKind[];
  readonly right: readonly ValueKind[];
}

/** Why a condition can never be decided; null where it can, or where nobody knows. */
export function mismatch(document: WorkflowDocument, condition: Condition): Mismatch | null {
  const left = kindsOf(document, condition.left);
  const right = kindsOf(document, condition.right);
  if (left.length === 0 || right.length === 0) return null;
  const fits = left.some((one) => right.some((other) => comparable(condition.type, one, other)));
  return fits ? null : { operator: condition.type, left, right };
}

export interface MetricSource {
  readonly step: string;
  readonly title: string;
  readonly output: string;
}

/** Metrics outputs of the steps that come before; a condition step reads those of its ancestors, too. */
export function metricSources(document: WorkflowDocument, before: ReadonlySet<string>): MetricSource[] {
  return (document.steps ?? [])
    .filter((step) => before.has(step.name))
    .flatMap((step) => (step.outputs ?? []).filter(makesMetrics).map((output) => ({ step: step.name, title: step.title || step.name, output: output.name })));
}

/** Keys that other conditions read from the same output: the ones a person means most. */
export function knownKeys(document: WorkflowDocument, step: string, output: string): string[] {
  const found = new Set<string>();
  const look = (value: Json | undefined): void => {
    if (isList(value)) for (const entry of value) look(entry);
    else if (isObject(value)) {
      const reference = asReference(value);
      if (reference?.kind === "metric" && reference.step === step && reference.output === output && reference.key !== "") found.add(reference.key);
      else if (reference === null) for (const member of Object.values(value)) look(member);
    }
  };
  for (const each of document.steps ?? []) {
    look(each.properties);
    look(each.policy as unknown as Json);
  }
  return [...found];
}

/** A value to start with when an operand becomes of another type; what was there is kept where it can be. */
export function operandOf(type: OperandType, before: Json, offer: { readonly parameter: string | null; readonly metric: MetricSource | null }): Json {
  switch (type) {
    case "number":
      return numberFrom(before);
    case "text":
      return typeof before === "object" ? "" : String(before);
    case "truth":
      return before === "true" || before === 1 || before === true || before === "True";
    case "list":
      return before === null || typeof before === "object" ? [] : [before];
    case "null":
      return null;
    case "parameter":
      return { $parameter: offer.parameter ?? "" };
    case "metric":
      return { $metric: { step: offer.metric?.step ?? "", output: offer.metric?.output ?? "", key: "" } };
    case "condition":
      return newCondition(before);
    case "json":
      return { $literal: before };
  }
}

function numberFrom(before: Json): number {
  const number = typeof before === "string" || typeof before === "boolean" ? Number(before) : before;
  return typeof number === "number" && Number.isFinite(number) ? number : 0;
}

export function newCondition(left: Json = ""): JsonObject {
  return { type: "EQ", left, right: isObject(left) ? 0 : "" };
}

/** The condition, or another one: `or` needs a condition on both sides. */
export function orElse(condition: JsonObject): JsonObject {
  return { type: "OR", left: condition, right: newCondition(condition.left ?? "") };
}

/** Changing the operator keeps the sides, except where it could never be decided with them. */
export function withOperator(condition: Condition, operator: Operator): JsonObject {
  const { left, right } = condition;
  if (operator === "OR") return isTruth(left) && isTruth(right) ? { type: operator, left, right } : orElse({ type: condition.type, left, right });
  if (condition.type === "OR" && isCondition(left)) return { type: operator, left: left.left, right: left.right };
  if (operator === "IN" && operandType(right) !== "list" && operandType(right) !== "parameter") return { type: operator, left, right: right === "" ? [] : [right] };
  if (condition.type === "IN" && isList(right)) return { type: operator, left, right: right[0] ?? "" };
  return { type: operator, left, right };
}

const isTruth = (value: Json): boolean => isCondition(value) || typeof value === "boolean";

/** `learning_rate < 0.1`, in a line: what is folded shows this. */
export const SIGNS: Readonly<Record<Operator, string>> = { EQ: "=", NOT: "≠", GT: ">", GTE: "≥", LT: "<", LTE: "≤", IN: "∈", OR: "∨" };
