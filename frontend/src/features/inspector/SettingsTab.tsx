/** Everything that can be set of a step: what is used most comes first, the rest is folded. */

import { useMemo, type ReactNode } from "react";
import { Radio, RadioGroup } from "react-aria-components";
import { ConditionList } from "@/forms/ConditionField";
import controls from "@/forms/controls.module.css";
import { Fold } from "@/forms/Fold";
import { forMode, JOB_MODES, jobMode, layoutOf, OTHERS, type JobMode, type PlacedField } from "@/forms/layout";
import { PropertyField } from "@/forms/PropertyField";
import { RenameField } from "@/forms/RenameField";
import { fieldsOf, type FieldSpec } from "@/forms/shape";
import { Foot } from "@/forms/Foot";
import { StepField } from "@/forms/StepField";
import { problemPlace, problemsFor, usePlace, useStepForm } from "@/forms/stepForm";
import { TextControl } from "@/forms/TextControls";
import { helpOf, labelOf } from "@/forms/words";
import { formatNumber, t } from "@/i18n/i18n";
import type { Step } from "@/model/document";
import { ancestors, graphOf } from "@/model/graph";
import { isList, isObject, pointer, type JsonObject } from "@/model/json";
import { isLeftOut, leavingOut } from "@/model/leftOut";
import type { StepKind } from "@/model/ports";
import { Switch } from "@/ui/Field";
import { Branches } from "./Branches";
import { Inputs } from "./Inputs";
import styles from "./Inspector.module.css";
import { Order } from "./Order";
import { Outputs } from "./Outputs";

export function SettingsTab({ step }: { readonly step: Step }) {
  const { kinds, document, problems, original } = useStepForm();
  const kind = kinds.get(step.kind);
  const before = useMemo(() => ancestors(graphOf(document), step.name), [document, step.name]);
  const here = problems.filter((problem) => ["", "/kind", "/id"].includes(problemPlace(problem)));
  const out = isLeftOut(step);
  const skips = step.policy?.skip_conditions?.length ?? 0;
  return (
    <>
      {here.length > 0 && (
        <div className={styles.top}>
          <Foot problems={here} />
        </div>
      )}
      {step.kind === "condition" ? <ConditionProperties before={before} /> : kind !== undefined && <Properties step={step} kind={kind} />}
      {original === undefined && kind !== undefined && (kind.inputs.at_most !== 0 || (step.inputs?.length ?? 0) > 0) && (
        <Fold id="inputs" title={t("inspector.inputs")} summary={formatNumber(step.inputs?.length ?? 0)}>
          <Inputs step={step} kind={kind} />
        </Fold>
      )}
      {kind !== undefined && (kind.outputs.at_most !== 0 || (step.outputs?.length ?? 0) > 0) && (
        <Fold id="outputs" title={t("inspector.outputs")} summary={formatNumber(step.outputs?.length ?? 0)}>
          <Outputs step={step} kind={kind} />
        </Fold>
      )}
      {(kind?.skippable !== false || skips > 0) && (
        <Fold id="skip" title={t("inspector.skip")} open={out} summary={out ? t("inspector.leftOut") : skips === 0 ? t("inspector.never") : formatNumber(skips)}>
          {kind?.skippable !== false && <LeftOut step={step} />}
          {!out && <ConditionList pointer="/policy/skip_conditions" label={t("inspector.skip")} before={before} empty={t("inspector.skip.empty")} />}
        </Fold>
      )}
      {original === undefined ? (
        <>
          <Fold id="order" title={t("inspector.order")} open={false} summary={t("inspector.after", { count: step.depends_on?.length ?? 0 })}>
            <Order step={step} />
            <Policy />
          </Fold>
          <Fold id="about" title={t("inspector.about")} open={false} summary={step.title || step.name}>
            <About step={step} />
          </Fold>
        </>
      ) : (
        step.kind !== "condition" && (
          <Fold id="limits" title={t("inspector.limits")}>
            <Policy />
          </Fold>
        )
      )}
    </>
  );
}

/** For a while, or for good: with one press, and its own conditions wait for it. */
function LeftOut({ step }: { readonly step: Step }) {
  const { dispatch, readOnly } = useStepForm();
  const out = isLeftOut(step);
  const change = (next: boolean): void => {
    const command = leavingOut(step, next);
    if (command !== null) dispatch({ type: "batch", commands: [command], label: next ? "step.leaveOut" : "step.takeIn" });
  };
  return (
    <div data-testid="left-out">
      <Switch isSelected={out} isDisabled={readOnly} onChange={change}>
        {t("inspector.leftOut.switch")}
      </Switch>
    </div>
  );
}

function About({ step }: { readonly step: Step }) {
  const { document, dispatch, readOnly, settle } = useStepForm();
  const [, setTitle] = usePlace("/title");
  const [, setDescription] = usePlace("/description");
  const taken = new Set((document.steps ?? []).filter((each) => each.id !== step.id).map((each) => each.name));
  return (
    <>
      <Labelled label={t("inspector.title")} place="/title">
        <TextControl label={t("inspector.title")} value={step.title || undefined} fallback={step.name} disabled={readOnly} onDone={settle} onChange={(next) => { setTitle(next ?? ""); }} />
      </Labelled>
      <Labelled label={t("inspector.name")} help={t("inspector.name.help")} place="/name">
        <RenameField label={t("inspector.name")} name={step.name} taken={taken} disabled={readOnly} data-testid="step-name" onRename={(name) => { dispatch({ type: "step.rename", id: step.id, name }); }} />
      </Labelled>
      <Labelled label={t("inspector.description")} place="/description">
        <TextControl label={t("inspector.description")} rows={3} value={step.description || undefined} clearable={false} disabled={readOnly} onDone={settle} onChange={(next) => { setDescription(next ?? ""); }} />
      </Labelled>
    </>
  );
}

export function Labelled({ label, help, place, children }: { readonly label: string; readonly help?: string; readonly place?: string; readonly children: ReactNode }) {
  const form = useStepForm();
  return (
    <div className={styles.labelled} data-pointer={place}>
      <span className={styles.label}>{label}</span>
      {children}
      <Foot problems={place === undefined ? [] : problemsFor(form.problems, place, true)} help={help} />
    </div>
  );
}

function Properties({ step, kind }: { readonly step: Step; readonly kind: StepKind }) {
  const fields = useMemo(() => fieldsOf(kind.properties), [kind]);
  const { problems } = useStepForm();
  if (fields.length === 0) return null;
  const whole = layoutOf(step.kind, fields, step.properties);
  const layout = step.kind === "job" ? forMode(whole, jobMode(step.properties), step.properties) : whole;
  const here = problems.filter((problem) => ["/properties", "/properties/algorithm", "/properties/spec", "/properties/spec/resource"].includes(problemPlace(problem)));
  return (
    <Fold id={`properties.${step.kind}`} title={t(`inspector.properties`)}>
      {step.kind === "job" && <ModeChoice properties={step.properties} />}
      <Foot problems={here} />
      <Fields fields={layout.basic} of={step.kind} base="/properties" />
      {layout.advanced.length > 0 && (
        <Fold small id={`advanced.${step.kind}`} title={t("inspector.advanced")} open={false}>
          <Fields fields={layout.advanced} of={step.kind} base="/properties" />
        </Fold>
      )}
    </Fold>
  );
}

export function Fields({ fields, of, base }: { readonly fields: readonly PlacedField[]; readonly of: string; readonly base: string }) {
  return fields.map(({ path, field }) => (
    <PropertyField key={path.join("/")} field={field} pointer={base + pointer(...path)} label={labelOf(field, of)} help={helpOf(field, of)} />
  ));
}

/** A script on an engine, a command, or an algorithm by its id: each way has its own fields, and what the other one had goes. */
function ModeChoice({ properties }: { readonly properties: JsonObject | undefined }) {
  const { step, dispatch, readOnly } = useStepForm();
  const mode = jobMode(properties);
  const change = (next: JobMode): void => {
    if (next === mode) return;
    const algorithm = isObject(properties?.algorithm) ? properties.algorithm : {};
    const kept = Object.fromEntries(Object.entries(algorithm).filter(([key]) => !OTHERS[next].includes(key)));
    dispatch({ type: "step.set", id: step.id, pointer: "/properties/algorithm", value: { ...kept, ...beginning(algorithm, next) } });
  };
  return (
    <RadioGroup
      aria-label={t("inspector.mode")}
      orientation="horizontal"
      value={mode}
      isDisabled={readOnly}
      className={styles.pill ?? ""}
      onChange={(next) => {
        change(next as JobMode);
      }}
    >
      {JOB_MODES.map((each) => (
        <Radio key={each} value={each} className={styles.choice ?? ""}>
          {t(`inspector.mode.${each}`)}
        </Radio>
      ))}
    </RadioGroup>
  );
}

/** What the chosen way begins with, taken from the other one where it can be. */
function beginning(algorithm: JsonObject, mode: JobMode): JsonObject {
  if (mode === "saved") return { algorithm_id: "" };
  if (mode === "subscribed") return { subscription_id: "" };
  if (mode === "command") return { command: ["python", typeof algorithm.boot_file === "string" ? algorithm.boot_file : "main.py"] };
  const back = isList(algorithm.command) ? algorithm.command.find((part) => typeof part === "string" && part.endsWith(".py")) : undefined;
  return back === undefined ? {} : { boot_file: back };
}

function ConditionProperties({ before }: { readonly before: ReadonlySet<string> }) {
  const { original } = useStepForm();
  return (
    <>
      <Fold id="conditions" title={t("inspector.conditions")}>
        <ConditionList pointer="/properties/conditions" label={t("inspector.conditions")} before={before} empty={t("inspector.conditions.empty")} />
      </Fold>
      {original === undefined && (
        <Fold id="branches" title={t("inspector.branches")}>
          <Branches />
        </Fold>
      )}
    </>
  );
}

const limit = (name: string, fallback: number): FieldSpec => ({
  name,
  shape: { kind: "number", integer: false, minimum: 0, maximum: null },
  title: name,
  description: "",
  default: fallback,
  required: false,
  nullable: false,
  mayBeUnset: false,
});
const TIMEOUT = limit("max_execution_minutes", 10_080);
const POLL = limit("poll_interval_seconds", 1);

const REUSE: FieldSpec = { name: "reuse", shape: { kind: "switch" }, title: "reuse", description: "", default: true, required: false, nullable: false, mayBeUnset: false };

function Policy() {
  const { kinds, step } = useStepForm();
  // What is decided in the engine itself is decided anew each time.
  const runs = kinds.get(step.kind)?.executes !== "inline";
  return (
    <div className={controls.stack}>
      {runs && <StepField constant field={REUSE} pointer="/policy/reuse" label={labelOf(REUSE)} help={helpOf(REUSE)} />}
      {[TIMEOUT, POLL].map((field) => (
        <StepField key={field.name} constant field={field} pointer={`/policy/${field.name}`} label={labelOf(field)} help={helpOf(field)} />
      ))}
    </div>
  );
}
