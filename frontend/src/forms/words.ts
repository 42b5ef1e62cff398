/** What a property is called. The interface's word comes first, then the schema's, which is English. */

import { en } from "@/i18n/en";
import { formatJson, t, type MessageKey } from "@/i18n/i18n";
import { isList, isObject, type Json } from "@/model/json";
import type { FieldSpec } from "./shape";

/** What is said where nothing needs to be said: the label is enough. */
const NOTHING = "—";

const known = (key: string): boolean => Object.hasOwn(en, key);

/** The word under the first of these keys that there is. */
export function wordOr(fallback: string, ...keys: readonly string[]): string {
  const key = keys.find(known);
  return key === undefined ? fallback : t(key as MessageKey);
}

/** `of` is the kind, or kind and output: the same name can mean two things in two kinds. */
export const labelOf = (field: FieldSpec, of = ""): string => wordOr(field.title, `prop.${of}.${field.name}`, `prop.${field.name}`);
export function helpOf(field: FieldSpec, of = ""): string {
  const text = wordOr(field.description, `prop.${of}.${field.name}.help`, `prop.${field.name}.help`);
  return text === NOTHING ? "" : text;
}

/** A value in a line: choices by their word, nothing by a sign. */
export function valueText(value: Json | undefined): string {
  if (value === undefined) return t("form.notSet");
  if (value === null) return t("form.null");
  if (value === "") return t("form.emptyText");
  if (value === true) return t("form.true");
  if (value === false) return t("form.false");
  if (typeof value === "string") return choiceText(value);
  if (isList(value)) return value.length === 0 ? t("form.emptyList") : value.map(valueText).join(", ");
  if (isObject(value)) {
    if (typeof value.flavor_id === "string") return value.flavor_id;
    if (typeof value.engine_name === "string") return `${value.engine_name} ${formatJson(value.engine_version ?? "")}`;
    const members = Object.values(value);
    if (members.length > 0 && members.every((member) => typeof member === "string")) return members.filter(Boolean).join(" · ");
  }
  return formatJson(value);
}

export const choiceText = (choice: string): string => wordOr(choice, `choice.${choice}`);

