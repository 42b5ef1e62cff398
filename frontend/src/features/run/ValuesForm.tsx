/** Fields for placeholders of a run: those that a step waits for, or those to change before it goes again. */

import { gpuOnly, shapeOfData, shapeOfParameter } from "@/forms/placeholders";
import type { Shape } from "@/forms/shape";
import { ValueControl } from "@/forms/ValueControl";
import { sayProblem, t } from "@/i18n/i18n";
import { hasDefault, parameterByName, type Data, type Parameter, type WorkflowDocument } from "@/model/document";
import { jsonEqual, pointer, type Json, type JsonObject } from "@/model/json";
import { problemsAt, type Problem } from "@/model/problems";
import styles from "./Fields.module.css";

export interface Asked {
  readonly name: string;
  readonly description: string;
  readonly shape: Shape;
  readonly fallback: Json | undefined;
  readonly gpuOnly: boolean;
}

/** The placeholder of that name, whether it is a parameter or data; a name that the document does not know takes any. */
export function askedFor(document: WorkflowDocument | null, name: string): Asked {
  const parameter = document === null ? undefined : parameterByName(document, name);
  const data = document?.data?.find((each) => each.name === name);
  const found: Parameter | Data | undefined = parameter ?? data;
  const shape: Shape = parameter !== undefined ? shapeOfParameter(parameter) : data !== undefined ? shapeOfData(data) : { kind: "any" };
  const fallback = found !== undefined && hasDefault(found) ? (found.default as Json) : undefined;
  return { name, description: found?.description ?? "", shape, fallback, gpuOnly: parameter !== undefined && gpuOnly(parameter) };
}

/** Names of all placeholders, in the order of the document. */
export function placeholderNames(document: WorkflowDocument | null): readonly string[] {
  const data = (document?.data ?? []).filter((each) => each.placeholder !== false);
  return [...(document?.parameters ?? []), ...data].map((each) => each.name);
}

interface Props {
  readonly fields: readonly Asked[];
  readonly values: JsonObject;
  readonly onChange: (name: string, value: Json | undefined) => void;
  readonly problems: readonly Problem[];
  /** What a run has cannot be taken away from it, only replaced. */
  readonly clearable?: boolean;
  /** With `marked`: what the run has; what differs from it is marked. */
  readonly marked?: boolean;
  readonly before?: JsonObject;
}

export function ValuesForm({ fields, values, onChange, problems, clearable = true, marked = false, before = {} }: Props) {
  return (
    <div className={styles.fields}>
      {fields.map((field) => {
        const wrong = problemsAt(problems, pointer("values", field.name));
        const id = `value-${field.name}`;
        return (
          <div key={field.name} className={styles.field} data-field={field.name}>
            <span className={styles.fieldName}>
              {field.name}
              {marked && !jsonEqual(before[field.name] ?? null, values[field.name] ?? null) && <span className={styles.changed}>{t("form.changed")}</span>}
            </span>
            <ValueControl
              label={field.name}
              shape={field.shape}
              value={values[field.name]}
              fallback={field.fallback}
              gpuOnly={field.gpuOnly}
              clearable={clearable}
              invalid={wrong.length > 0}
              describedBy={id}
              onChange={(next) => {
                onChange(field.name, next);
              }}
            />
            <div id={id}>
              {wrong.length === 0 && field.description !== "" && <p className={styles.fieldHelp}>{field.description}</p>}
              {wrong.map((problem) => {
                const { message, hint } = sayProblem(problem);
                return (
                  <p key={problem.code + problem.path} role="alert" className={styles.fieldWrong}>
                    {message} {hint}
                  </p>
                );
              })}
            </div>
          </div>
        );
      })}
    </div>
  );
}
