/** Numbers as people type them. A text that is no number is nothing else either: it is told, never guessed. */

export interface ReadNumber {
  /** undefined: nothing is typed, so nothing is set. */
  readonly value: number | undefined;
  readonly wrong: "not_a_number" | "not_whole" | "too_large" | null;
}

const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i;

export function readNumber(typed: string, integer: boolean): ReadNumber {
  const text = typed.trim();
  if (text === "") return { value: undefined, wrong: null };
  if (!NUMBER.test(text)) return { value: undefined, wrong: "not_a_number" };
  const value = Number(text.replace(",", "."));
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) return { value: undefined, wrong: "too_large" };
  if (integer && !Number.isInteger(value)) return { value: undefined, wrong: "not_whole" };
  return { value, wrong: null };
}

/** 0.003 stays 0.003; 1e-7 is written as people write it. */
export function writtenNumber(value: number): string {
  return String(value);
}

/** One up or down from a value, by a step that fits its size: 0.05 → 0.06, 32 → 33. */
export function stepped(value: number, direction: 1 | -1, integer: boolean, minimum: number | null, maximum: number | null): number {
  const digits = integer || Number.isInteger(value) ? 0 : Math.min(15, decimals(value));
  const next = Number((value + direction * 10 ** -digits).toFixed(digits));
  return Math.min(maximum ?? Infinity, Math.max(minimum ?? -Infinity, next));
}

function decimals(value: number): number {
  const [mantissa = "", exponent = "0"] = String(value).toLowerCase().split("e");
  return Math.max(0, (mantissa.split(".")[1]?.length ?? 0) - Number(exponent));
}
