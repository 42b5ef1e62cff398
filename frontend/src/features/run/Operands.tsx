/** What a condition compared: the values that its placeholders and metrics had in this run. */

import { referenceText } from "@/canvas/facts";
import { formatNumber, t } from "@/i18n/i18n";
import { isObject, type Json, type JsonObject } from "@/model/json";
import { asReference } from "@/model/references";
import styles from "./Step.module.css";

export function Operands({ reason }: { readonly reason: JsonObject | null }) {
  const found = operandsOf(reason);
  if (found.length === 0) return null;
  return (
    <dl className={styles.operands} aria-label={t("run.operands")} data-testid="operands">
      {found.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Constants say nothing that the condition does not say itself; what stands in it twice is told once. */
export function operandsOf(reason: JsonObject | null): readonly (readonly [string, string])[] {
  const listed: Json = reason?.operands ?? null;
  if (!Array.isArray(listed)) return [];
  const known = new Map<string, string>();
  for (const each of listed as readonly Json[]) {
    const reference = isObject(each) ? asReference(each.written ?? null) : null;
    if (reference === null || !isObject(each) || reference.kind === "malformed") continue;
    known.set(referenceText(reference), shown(each.value ?? null));
  }
  return [...known];
}

function shown(value: Json): string {
  if (typeof value === "number") return formatNumber(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}
