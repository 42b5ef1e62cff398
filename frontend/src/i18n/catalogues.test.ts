import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import { expect, test } from "vitest";
import { problem, type Wording } from "@/model/problems";
import { en } from "./en";
import { preferredLanguage, sayProblem } from "./i18n";
import { problemsZh } from "./problemsZh";
import { zh } from "./zh";

const catalogue = JSON.parse(
  readFileSync(fileURLToPath(new URL("../../../backend/contract/problems.json", import.meta.url)), "utf8"),
) as Record<string, Wording>;
const named = (text: string) => [...text.replaceAll("{{", "").matchAll(/\{(\w+)\s*[,}]/g)].map((found) => found[1] as string);

test("both languages say the same things, with the same parameters", () => {
  expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
  for (const [key, text] of Object.entries(en)) {
    const other = zh[key as keyof typeof en];
    expect(other.trim(), key).not.toBe("");
    expect([...new Set(named(other))].sort(), key).toEqual([...new Set(named(text))].sort());
  }
});

test("every message is well-formed ICU text", () => {
  for (const text of [...Object.values(en), ...Object.values(zh)]) expect(() => compileMessage(text)).not.toThrow();
});

test("every problem code of the server is translated, and no other", () => {
  expect(Object.keys(problemsZh).sort()).toEqual(Object.keys(catalogue).sort());
});

test("a translation uses only parameters that the server sends", () => {
  for (const [code, { message, hint }] of Object.entries(catalogue)) {
    const sent = new Set(named(message + hint));
    const used = problemsZh[code] as Wording;
    for (const name of named(used.message + used.hint)) expect(sent, `${code}: ${name}`).toContain(name);
  }
});

test("the browser's own problems are said in its language", () => {
  expect(sayProblem(problem("client.unreachable", "x", "y")).message).toBe(en["client.unreachable"]);
});

test.each([
  [null, ["de", "zh-CN"], "zh-Hans"],
  [null, ["zh-Hant-TW"], "en"],
  [null, ["en-GB", "zh"], "en"],
  ["zh-Hans", ["en"], "zh-Hans"],
  ["tlh", ["fr"], "en"],
] as const)("it begins with the language that was chosen or is understood (%s, %s)", (stored, wanted, found) => {
  expect(preferredLanguage(stored, wanted)).toBe(found);
});
