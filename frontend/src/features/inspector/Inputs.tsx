/** What a step takes, and from where: the same connections as the wires on the canvas, by keyboard. */

import { Plus, X } from "lucide-react";
import type { ReactElement } from "react";
import { PortSign } from "@/canvas/PortSign";
import { askedText, ChipField, PlaceholderChip } from "@/forms/Chips";
import { dataFields, dataTypeOf } from "@/forms/dataValues";
import { PropertyField } from "@/forms/PropertyField";
import { RenameField } from "@/forms/RenameField";
import { Foot } from "@/forms/Foot";
import { referenceText } from "@/forms/StepField";
import { problemPlace, problemsFor, useStepForm } from "@/forms/stepForm";
import { helpOf, labelOf } from "@/forms/words";
import { t } from "@/i18n/i18n";
import { shownTitle, stepByName, type Input, type Step } from "@/model/document";
import { inputPorts, type Port, type StepKind } from "@/model/ports";
import { asReference, type Reference } from "@/model/references";
import { Button, IconButton } from "@/ui/Button";
import { Menu } from "@/ui/Menu";
import styles from "./Inspector.module.css";
import { fixedToPlaceholder, placeholderToFixed, sourcesFor, withoutOption } from "./sources";

export function Inputs({ step, kind }: { readonly step: Step; readonly kind: StepKind }) {
  const { kinds, document, problems, readOnly } = useStepForm();
  const ports = inputPorts(kinds, document, step);
  const inputs = step.inputs ?? [];
  const here = problems.filter((problem) => problemPlace(problem) === "/inputs");
  const mayAdd = !readOnly && (kind.inputs.at_most === null || inputs.length < kind.inputs.at_most);
  return (
    <div className={styles.cards} data-pointer="/inputs">
      {inputs.map((input, index) => (
        <InputCard key={index} step={step} kind={kind} input={input} index={index} port={ports[index] as Port} />
      ))}
      <Foot problems={here} help={inputs.length === 0 && here.length === 0 ? t("inspector.inputs.empty") : ""} />
      {mayAdd && (
        <div>
          <SourceMenu step={step} input={null} label={t("inspector.input.add")}>
            <Button small look="quiet" icon={<Plus size={14} />} className={styles.add ?? ""} data-testid="add-input">
              {t("inspector.input.add")}
            </Button>
          </SourceMenu>
        </div>
      )}
    </div>
  );
}

interface CardProps {
  readonly step: Step;
  readonly kind: StepKind;
  readonly input: Input;
  readonly index: number;
  readonly port: Port;
}

function InputCard({ step, kind, input, index, port }: CardProps) {
  const { problems, readOnly, dispatch } = useStepForm();
  const place = `/inputs/${String(index)}`;
  const taken = new Set((step.inputs ?? []).filter((each) => each !== input).map((each) => each.name));
  return (
    <div className={styles.card} data-pointer={place} data-testid={`input:${input.name}`}>
      <div className={styles.cardHead}>
        <PortSign type={port.type} hollow={input.data === null} size={11} />
        <RenameField
          bare
          label={t("inspector.input.name", { input: input.name })}
          name={input.name}
          taken={taken}
          disabled={readOnly}
          onRename={(name) => {
            dispatch({ type: "input.rename", id: step.id, input: input.name, name });
          }}
        />
        <span className={styles.note}>{t(`port.${port.type}`)}</span>
        {!readOnly && (step.inputs?.length ?? 0) > kind.inputs.at_least && (
          <IconButton
            small
            label={t("inspector.input.remove", { input: input.name })}
            icon={<X size={14} />}
            onPress={() => {
              dispatch({ type: "input.remove", id: step.id, input: input.name });
            }}
          />
        )}
      </div>
      <InputData step={step} input={input} place={`${place}/data`} />
      <Foot problems={problemsFor(problems, place, false).concat(problemsFor(problems, `${place}/data`, asReference(input.data) !== null || input.data === null), problemsFor(problems, `${place}/name`, false))} />
    </div>
  );
}

function InputData({ step, input, place }: { readonly step: Step; readonly input: Input; readonly place: string }) {
  const form = useStepForm();
  const { document, dispatch, readOnly } = form;
  const reference = asReference(input.data);
  const change = <SourceMenu step={step} input={input} label={t("inspector.input.source", { input: input.name })}><Button small look="quiet" data-testid="input-source">{t("inspector.input.change")}</Button></SourceMenu>;
  if (input.data === null) {
    return (
      <SourceMenu step={step} input={input} label={t("inspector.input.source", { input: input.name })}>
        <Button className={styles.connect ?? ""} isDisabled={readOnly} data-testid="input-source">
          {t("inspector.input.connect")}
        </Button>
      </SourceMenu>
    );
  }
  if (reference === null) {
    const type = dataTypeOf(input.data);
    if (type === null) return <ChipField tone="broken" note={t("form.malformed")}>{change}</ChipField>;
    const fields = dataFields(type);
    return (
      <div className={styles.fixed}>
        {fields.map((field) => (
          <PropertyField key={field.name} field={field} pointer={`${place}/${field.name}`} label={labelOf(field)} help={helpOf(field)} />
        ))}
        {!readOnly && (
          <div className={styles.buttons}>
            <Button
              small
              look="quiet"
              onPress={() => {
                const made = fixedToPlaceholder(document, step.id, input, type, form.newId());
                if (made !== null && dispatch(made.command)) form.tell(t("form.made", { name: made.name }));
              }}
            >
              {t("form.ask")}
            </Button>
            {change}
          </div>
        )}
      </div>
    );
  }
  if (reference.kind === "data") {
    const data = document.data?.find((each) => each.name === reference.name);
    return (
      <div className={styles.line}>
        <ChipField
          tone={data === undefined ? "broken" : "placeholder"}
          note={data === undefined ? t("form.gone") : askedText(data)}
          onRemove={
            readOnly
              ? undefined
              : () => {
                  dispatch(placeholderToFixed(document, step.id, input, reference.name));
                }
          }
          removeLabel={data?.default === undefined && data?.value === undefined ? t("inspector.input.disconnect", { input: input.name }) : t("form.toValue")}
        >
          <PlaceholderChip
            name={reference.name}
            action={t("form.showPlaceholder", { name: reference.name })}
            onPress={() => {
              form.show(reference.name);
            }}
          />
        </ChipField>
        {!readOnly && change}
      </div>
    );
  }
  return (
    <div className={styles.line}>
      <ConnectedTo reference={reference as Reference} step={step} input={input} />
      {!readOnly && change}
    </div>
  );
}

function ConnectedTo({ reference, step, input }: { readonly reference: Reference; readonly step: Step; readonly input: Input }) {
  const { document, dispatch, readOnly } = useStepForm();
  const options = reference.kind === "output" ? [reference] : reference.kind === "any_of" ? reference.options : null;
  if (options === null) return <ChipField tone="broken" note={t("form.malformed")}><span>{referenceText(reference)}</span></ChipField>;
  return (
    <div className={styles.cards}>
      {options.map((option, index) => {
        const producer = stepByName(document, option.step);
        const last = options.length === 1;
        return (
          <ChipField
            key={`${option.step}/${option.output}`}
            tone={producer === undefined ? "broken" : "data"}
            note={last ? option.output : t("inspector.input.option", { output: option.output, number: index + 1 })}
            removeLabel={t("inspector.input.disconnect", { input: input.name })}
            onRemove={
              readOnly
                ? undefined
                : () => {
                    dispatch(last ? { type: "input.disconnect", id: step.id, input: input.name } : { type: "input.connect", id: step.id, input: input.name, data: withoutOption(input.data, index) });
                  }
            }
          >
            <span className={styles.source}>{producer === undefined ? option.step : shownTitle(producer)}</span>
          </ChipField>
        );
      })}
    </div>
  );
}

interface MenuProps {
  readonly step: Step;
  /** null: another input is made. */
  readonly input: Input | null;
  readonly label: string;
  readonly children: ReactElement;
}

function SourceMenu({ step, input, label, children }: MenuProps) {
  const { kinds } = useStepForm();
  const form = useStepForm();
  const groups = sourcesFor({ kinds, document: form.document, step, input, newId: form.newId }).map(({ id, choices }) => ({
    id,
    title: t(`inspector.sources.${id}`),
    actions: choices.map((choice) => ({
      id: choice.id,
      label: choice.label,
      icon: <PortSign type={choice.type} size={11} />,
      run: () => {
        form.dispatch(choice.command);
      },
    })),
  }));
  const none = [{ id: "none", actions: [{ id: "none", label: t("inspector.sources.none"), disabled: true }] }];
  return <Menu label={label} trigger={children} groups={groups.length === 0 ? none : groups} />;
}
