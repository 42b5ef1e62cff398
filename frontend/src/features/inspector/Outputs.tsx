/** What a step makes: each output with its place, and whether its metrics are drawn. */

import { Plus, X } from "lucide-react";
import { PortSign } from "@/canvas/PortSign";
import { makeOutput } from "@/features/editor/create";
import { layoutOf } from "@/forms/layout";
import { RenameField } from "@/forms/RenameField";
import { Fold } from "@/forms/Fold";
import { fieldsOf } from "@/forms/shape";
import { Foot } from "@/forms/Foot";
import { problemPlace, problemsFor, useStepForm } from "@/forms/stepForm";
import { t } from "@/i18n/i18n";
import type { Output, Step } from "@/model/document";
import { outputType, type StepKind } from "@/model/ports";
import { namesStep, whereUsed, type Reference } from "@/model/references";
import { Button, IconButton } from "@/ui/Button";
import { Menu } from "@/ui/Menu";
import styles from "./Inspector.module.css";
import { Fields } from "./SettingsTab";

export function Outputs({ step, kind }: { readonly step: Step; readonly kind: StepKind }) {
  const { document, dispatch, problems, readOnly, original } = useStepForm();
  const outputs = step.outputs ?? [];
  const here = problems.filter((problem) => problemPlace(problem) === "/outputs");
  const mayAdd = !readOnly && original === undefined && (kind.outputs.at_most === null || outputs.length < kind.outputs.at_most);
  return (
    <div className={styles.cards} data-pointer="/outputs">
      {outputs.map((output, index) => (
        <OutputCard key={index} step={step} kind={kind} output={output} index={index} />
      ))}
      <Foot problems={here} help={outputs.length === 0 && here.length === 0 ? t("inspector.outputs.empty") : ""} />
      {mayAdd && (
        <div>
          <Menu
            label={t("inspector.output.add")}
            trigger={
              <Button small look="quiet" icon={<Plus size={14} />} className={styles.add ?? ""} data-testid="add-output">
                {t("inspector.output.add")}
              </Button>
            }
            groups={[
              {
                id: "types",
                actions: kind.outputs.ports.map((port) => ({
                  id: port.type,
                  label: t(`inspector.output.${port.type}`),
                  icon: <PortSign type={port.carries ?? "metrics"} size={11} />,
                  run: () => {
                    dispatch(makeOutput(document, kind, step, port.type));
                  },
                })),
              },
            ]}
          />
        </div>
      )}
    </div>
  );
}

interface CardProps {
  readonly step: Step;
  readonly kind: StepKind;
  readonly output: Output;
  readonly index: number;
}

function OutputCard({ step, kind, output, index }: CardProps) {
  const { kinds, document, dispatch, problems, readOnly, original } = useStepForm();
  const fixed = readOnly || original !== undefined;
  const place = `/outputs/${String(index)}`;
  const type = outputType(kinds, step, output);
  const config = kind.outputs.ports.find((port) => port.type === output.type)?.config;
  const of = `${step.kind}/${output.type}`;
  const layout = config === undefined ? null : layoutOf(of, fieldsOf(config), output.config);
  const taken = new Set((step.outputs ?? []).filter((each) => each !== output).map((each) => each.name));
  const users = new Set(
    whereUsed(document, (reference) => namesStep(step.name)(reference) && usesOutput(reference, step.name, output.name)).map((use) => use.stepName),
  );
  const here = problemsFor(problems, place, false).concat(problemsFor(problems, `${place}/config`, false), problemsFor(problems, `${place}/type`, false), problemsFor(problems, `${place}/name`, false));
  return (
    <div className={styles.card} data-pointer={place} data-testid={`output:${output.name}`}>
      <div className={styles.cardHead}>
        <PortSign type={type} size={11} />
        <RenameField
          bare
          label={t("inspector.output.name", { output: output.name })}
          name={output.name}
          taken={taken}
          disabled={fixed}
          onRename={(name) => {
            dispatch({ type: "output.rename", id: step.id, output: output.name, name });
          }}
        />
        <span className={styles.note}>{users.size > 0 ? t("inspector.output.used", { count: users.size }) : t(`port.${type}`)}</span>
        {!fixed && (step.outputs?.length ?? 0) > kind.outputs.at_least && (
          <IconButton
            small
            label={t("inspector.output.remove", { output: output.name })}
            icon={<X size={14} />}
            onPress={() => {
              dispatch({ type: "output.remove", id: step.id, output: output.name });
            }}
          />
        )}
      </div>
      <Foot problems={here} />
      {layout !== null && (
        <div className={styles.fixed}>
          <Fields fields={layout.basic} of={of} base={`${place}/config`} />
          {layout.advanced.length > 0 && (
            <Fold small id={`advanced.${of}`} title={t("inspector.advanced")} open={false}>
              <Fields fields={layout.advanced} of={of} base={`${place}/config`} />
            </Fold>
          )}
        </div>
      )}
    </div>
  );
}

function usesOutput(reference: Reference, step: string, output: string): boolean {
  if (reference.kind === "any_of") return reference.options.some((option) => option.step === step && option.output === output);
  return (reference.kind === "output" || reference.kind === "metric") && reference.output === output;
}
