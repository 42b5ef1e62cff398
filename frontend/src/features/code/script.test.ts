import { expect, test } from "vitest";
import { golden } from "@testing/golden";
import type { Step, WorkflowDocument } from "@/model/document";
import { scriptPlace } from "./place";
import { scriptTemplate } from "./template";

const digits = golden<WorkflowDocument>("documents/valid/digits.json");
const train = digits.steps?.[2] as Step;
const withAlgorithm = (algorithm: Step["properties"]): Step => ({ ...train, properties: { algorithm: algorithm ?? {} } });

test("a script is where the code folder and its name say", () => {
  expect(scriptPlace(digits, train)).toEqual({ kind: "file", path: "/default/code/train.py", folder: "/default/code/", by: [] });
  expect(scriptPlace(digits, withAlgorithm({ code_dir: "/default/code", boot_file: "a/b.py" }))).toMatchObject({ path: "/default/code/a/b.py" });
  expect(scriptPlace(digits, withAlgorithm({ code_dir: "/default/code/", boot_file: "/default/code/x.py" }))).toMatchObject({ path: "/default/code/x.py" });
});

test("a placeholder counts by its default, and without one only the run knows", () => {
  expect(scriptPlace(digits, withAlgorithm({ code_dir: "/default/code/", boot_file: { $parameter: "model_name" } }))).toEqual({ kind: "file", path: "/default/code/digits", folder: "/default/code/", by: ["model_name"] });
  expect(scriptPlace(digits, withAlgorithm({ code_dir: "/default/code/", boot_file: { $parameter: "train_flavor" } }))).toEqual({ kind: "open", name: "train_flavor" });
  expect(scriptPlace(digits, withAlgorithm({ code_dir: { $storage: { name: "runs", path: "code/" } }, boot_file: "a.py" }))).toEqual({ kind: "open", name: "runs" });
  expect(scriptPlace(digits, withAlgorithm({ code_dir: { $storage: { name: "runs", path: "code/", with_execution_id: false } }, boot_file: "a.py" }))).toMatchObject({ path: "/default/runs/code/a.py" });
});

test("what is missing is told", () => {
  expect(scriptPlace(digits, withAlgorithm({}))).toEqual({ kind: "unset", missing: "code_dir" });
  expect(scriptPlace(digits, withAlgorithm({ code_dir: "/default/code/" }))).toEqual({ kind: "unset", missing: "boot_file" });
  expect(scriptPlace(digits, withAlgorithm({ command: ["true"] }))).toEqual({ kind: "command" });
});

test("the first version of a script takes what the step gives it", () => {
  const text = scriptTemplate(digits, train);
  expect(text).toContain('parser.add_argument("--epochs", type=int, default=12)');
  expect(text).toContain('parser.add_argument("--learning_rate", type=float, default=0.05)');
  expect(text).toContain('parser.add_argument("--data_url", required=True');
  expect(text).toContain('parser.add_argument("--train_url", required=True');
  expect(text).toContain("epochs = args.epochs");
  expect(text).toContain("from pipeloom import metrics");
  expect(text.endsWith("main()\n")).toBe(true);
});

test("texts of people stay texts in the script", () => {
  const odd: Step = { ...train, title: 'Ends """ here\\', description: "", properties: { algorithm: { parameters: [{ name: "mode", value: 'a"b\n' }, { name: "on", value: true }, { name: "more", value: [1] }] } } };
  const text = scriptTemplate(digits, odd);
  expect(text.split('"""').length - 1).toBe(4);
  expect(text).toContain('default="a\\"b\\n"');
  expect(text).toContain("type=truth, default=True");
  expect(text).toContain('"--more", type=json.loads)');
});
