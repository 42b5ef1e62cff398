/** Reads the golden files that the Python tests read, too. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../tests/golden/", import.meta.url));

export function goldenText(path: string): string {
  return readFileSync(ROOT + path, "utf8");
}

export function golden<Value>(path: string): Value {
  return JSON.parse(goldenText(path)) as Value;
}

/** The JSON files directly in a folder of the golden files, by name. */
export function goldenNames(folder: string): string[] {
  return readdirSync(ROOT + folder).filter((name) => name.endsWith(".json"));
}
