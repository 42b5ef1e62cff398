/** A placeholder: what it asks for, and when. */

import { at, DeleteButton, DescriptionLine, Line, NameLine, Toggle, Uses, useUpdate, type EntryProps } from "./shared";
import { useEditor } from "@/features/editor/context";
import { NumberControl } from "@/forms/TextControls";
import { Picker } from "@/forms/Picker";
import { delayed, FORMATS_OF_TYPE, gpuOnly, limitOf, rechosen, reformatted, relimited, required, retyped, shapeOfParameter } from "@/forms/placeholders";
import { ListControl, ValueControl } from "@/forms/ValueControl";
import { t } from "@/i18n/i18n";
import { hasDefault, PARAMETER_TYPES, type Parameter, type ParameterFormat, type ParameterType } from "@/model/document";
import { isList } from "@/model/json";
import styles from "./Placeholders.module.css";

export function ParameterEditor({ entry, id, problems, readOnly, onRenamed }: EntryProps<Parameter>) {
  const editor = useEditor();
  const update = useUpdate("parameters", id);
  const formats = FORMATS_OF_TYPE[entry.type];
  const settle = (): void => {
    editor.settle();
  };
  const isFlavor = entry.format === "flavor" || entry.format === "train_flavor";
  return (
    <>
      <NameLine list="parameters" id={id} name={entry.name} problems={problems} readOnly={readOnly} onRenamed={onRenamed} />
      <div className={styles.two}>
        <Line label={t("placeholders.type")} problems={at(problems, "/type")}>
          <Picker
            label={t("placeholders.type")}
            choices={PARAMETER_TYPES.map((type) => ({ id: type, label: t(`placeholder.type.${type}`) }))}
            value={entry.type}
            unset=""
            disabled={readOnly}
            data-testid="entry-type"
            onChange={(type) => {
              if (type !== entry.type) update(retyped(entry, type as ParameterType));
            }}
          />
        </Line>
        {formats.length > 0 && (
          <Line label={entry.type === "LIST" ? t("placeholders.of") : t("placeholders.format")} problems={at(problems, "/format")}>
            <Picker
              label={t("placeholders.format")}
              choices={[...(entry.type === "LIST" ? [] : [{ id: "", label: t("placeholder.format.none") }]), ...formats.map((format) => ({ id: format, label: t(`placeholder.format.${format}`) }))]}
              value={entry.format ?? ""}
              unset={t("form.notSet")}
              disabled={readOnly}
              onChange={(format) => {
                update(reformatted(entry, format === "" ? null : (format as ParameterFormat)));
              }}
            />
          </Line>
        )}
      </div>
      {entry.type === "ENUM" && (
        <Line label={t("placeholders.choices")} problems={at(problems, "/enum")}>
          <ListControl
            label={t("placeholders.choices")}
            items={{ kind: "any" }}
            value={entry.enum ?? []}
            disabled={readOnly}
            onDone={settle}
            onChange={(next) => {
              update(rechosen(entry, isList(next) ? next : []), "enum");
            }}
          />
        </Line>
      )}
      <Line label={t("placeholders.default")} help={hasDefault(entry) || entry.required === false ? "" : t("placeholders.default.help")} problems={at(problems, "/default")}>
        <div data-testid="entry-default">
          <ValueControl
            label={t("placeholders.default")}
            shape={shapeOfParameter(entry)}
            gpuOnly={gpuOnly(entry)}
            value={hasDefault(entry) ? entry.default : undefined}
            disabled={readOnly}
            invalid={at(problems, "/default").length > 0}
            onDone={settle}
            onChange={(next) => {
              update(next === undefined ? { unset: ["default"] } : { set: { default: next } }, "default");
            }}
          />
        </div>
      </Line>
      {(entry.type === "INT" || entry.type === "FLOAT") && (
        <div className={styles.two}>
          {(["minimum", "maximum"] as const).map((key) => (
            <Line key={key} label={t(`placeholders.${key}`)}>
              <NumberControl
                label={t(`placeholders.${key}`)}
                integer={entry.type === "INT"}
                value={limitOf(entry, key) ?? undefined}
                disabled={readOnly}
                onDone={settle}
                onChange={(next) => {
                  update(relimited(entry, key, next), key);
                }}
              />
            </Line>
          ))}
        </div>
      )}
      <Toggle label={t("placeholders.required")} on={entry.required !== false} disabled={readOnly} onChange={(on) => { update(required(on)); }} />
      <Toggle label={t("placeholders.delay")} on={entry.delay === true} disabled={readOnly} onChange={(on) => { update(delayed(on)); }} />
      {isFlavor && <Toggle label={t("placeholders.gpuOnly")} on={gpuOnly(entry)} disabled={readOnly} onChange={(on) => { update(relimited(entry, "flavor_type", on ? ["GPU"] : undefined)); }} />}
      <DescriptionLine list="parameters" id={id} field="title" label={t("placeholders.title")} text={entry.title ?? ""} readOnly={readOnly} />
      <DescriptionLine list="parameters" id={id} text={entry.description ?? ""} readOnly={readOnly} />
      <Line label={t("placeholders.example")} problems={at(problems, "/example")}>
        <ValueControl
          label={t("placeholders.example")}
          shape={shapeOfParameter(entry)}
          value={entry.example ?? undefined}
          disabled={readOnly}
          onDone={settle}
          onChange={(next) => {
            update(next === undefined ? { unset: ["example"] } : { set: { example: next } }, "example");
          }}
        />
      </Line>
      <Uses list="parameters" name={entry.name} />
      {!readOnly && <DeleteButton list="parameters" id={id} name={entry.name} mayInline={hasDefault(entry)} />}
    </>
  );
}
