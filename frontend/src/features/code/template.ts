/** A script to begin with: it takes what this step gives it, and its metrics are drawn while it runs. */

import { hasDefault, parameterByName, type Parameter, type Step, type WorkflowDocument } from "@/model/document";
import { isList, isObject, type Json } from "@/model/json";
import { asReference } from "@/model/references";

interface Argument {
  readonly name: string;
  readonly type: "int" | "float" | "str" | "bool" | "json";
  readonly value: Json | undefined;
}

export function scriptTemplate(document: WorkflowDocument, step: Step): string {
  const inputs = (step.inputs ?? []).map((input) => input.name);
  const outputs = (step.outputs ?? []).filter((output) => output.type === "obs").map((output) => output.name);
  const metrics = (step.outputs ?? []).filter((output) => output.type === "metrics").map((output) => output.name);
  const given = argumentsOf(document, step);
  const rounds = given.find((each) => ["epochs", "rounds", "steps", "iterations"].includes(each.name) && each.type === "int");
  const lines = [
    `"""${docLine(step)}`,
    "",
    `Pipeloom starts it as: python <this file>${[...given.map((each) => each.name), ...inputs, ...outputs].map((name) => ` --${name}=…`).join("")}`,
    '"""',
    "",
    "import argparse",
    ...(given.some((each) => each.type === "json") ? ["import json"] : []),
    "import math",
    ...(outputs.length > 0 ? ["from pathlib import Path"] : []),
    "",
    "from pipeloom import metrics",
    "",
    "",
    ...(given.some((each) => each.type === "bool") ? ["def truth(text):", '    """Pipeloom writes True and False."""', '    return text == "True"', "", ""] : []),
    "def arguments():",
    "    parser = argparse.ArgumentParser()",
    ...given.map((each) => `    parser.add_argument(${text(`--${each.name}`)}, type=${PYTHON_TYPES[each.type]}${defaultOf(each)})`),
    ...inputs.map((name) => `    parser.add_argument(${text(`--${name}`)}, required=True, help="what the step takes: a folder or a file")`),
    ...outputs.map((name) => `    parser.add_argument(${text(`--${name}`)}, required=True, help="the folder for what the step makes")`),
    "    return parser.parse_args()",
    "",
    "",
    "def main():",
    "    args = arguments()",
    ...outputs.flatMap((name) => [`    folder = Path(args.${attribute(name)})`, "    folder.mkdir(parents=True, exist_ok=True)"]).slice(0, 2),
    ...inputs.map((name) => `    print(${text(`${name}:`)}, args.${attribute(name)}, flush=True)`),
    `    epochs = ${rounds === undefined ? "10" : `args.${attribute(rounds.name)}`}`,
    "    losses = []",
    "    for epoch in range(1, epochs + 1):",
    "        # Replace the next line by one round of training.",
    "        loss = math.exp(-3 * epoch / epochs)",
    "        losses.append(loss)",
    '        print(f"epoch {epoch} of {epochs}: loss {loss:.4f}", flush=True)',
    ...logging(metrics),
    ...(outputs.length > 0 ? ['    (folder / "result.txt").write_text(f"{losses[-1]}\\n", encoding="utf-8")'] : []),
    "",
    "",
    'if __name__ == "__main__":',
    "    main()",
    "",
  ];
  return lines.join("\n");
}

/** Both calls replace the file once; outside of a step it is ./metrics.json. */
function logging(outputs: readonly string[]): string[] {
  const [first] = outputs;
  const note = first === undefined ? ["        # Add a metrics output to the step, and the canvas draws what is logged here."] : [];
  return [
    ...note,
    "        with metrics.file().together():",
    "            metrics.log(loss=loss)",
    '            metrics.line_chart("loss curve", x=list(range(1, epoch + 1)), y={"train": losses})',
  ];
}

const PYTHON_TYPES: Readonly<Record<Argument["type"], string>> = { int: "int", float: "float", str: "str", bool: "truth", json: "json.loads" };

function argumentsOf(document: WorkflowDocument, step: Step): Argument[] {
  const algorithm = isObject(step.properties?.algorithm) ? step.properties.algorithm : {};
  const listed = isList(algorithm.parameters) ? algorithm.parameters.filter(isObject) : [];
  return listed.flatMap((each): Argument[] => {
    if (typeof each.name !== "string" || each.name === "") return [];
    const reference = asReference(each.value);
    const parameter = reference?.kind === "parameter" ? parameterByName(document, reference.name) : undefined;
    if (parameter !== undefined) return [{ name: each.name, type: typeOfParameter(parameter), value: hasDefault(parameter) ? parameter.default : undefined }];
    return [{ name: each.name, type: typeOfValue(each.value), value: reference === null ? each.value : undefined }];
  });
}

function typeOfParameter(parameter: Parameter): Argument["type"] {
  switch (parameter.type) {
    case "INT":
      return "int";
    case "FLOAT":
      return "float";
    case "BOOL":
      return "bool";
    case "JSON":
    case "LIST":
      return "json";
    case "ENUM":
      return typeOfValue(parameter.enum?.[0]);
    case "STR":
      return "str";
  }
}

function typeOfValue(value: Json | undefined): Argument["type"] {
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  if (typeof value === "boolean") return "bool";
  return value === undefined || value === null || typeof value === "string" ? "str" : "json";
}

/** A value that is no list or object stands in the script as well, so that it can be run by hand. */
function defaultOf({ type, value }: Argument): string {
  if (type === "json" || value === undefined || value === null || typeof value === "object") return "";
  if (typeof value === "boolean") return `, default=${value ? "True" : "False"}`;
  return `, default=${typeof value === "string" ? text(value) : JSON.stringify(value)}`;
}

/** JSON's texts are Python's, but for what is beyond the first plane, which Python reads as well. */
const text = (value: string): string => JSON.stringify(value);
const attribute = (name: string): string => name.replace(/[^A-Za-z0-9_]/g, "_");

function docLine(step: Step): string {
  const said = step.description || step.title || step.name;
  const [first = ""] = said.replaceAll('"""', "'''").replaceAll("\\", "\\\\").split("\n");
  return /[.!?。！？]$/.test(first) ? first : `${first}.`;
}
