/** Data that steps take: asked for, or fixed. */

import { useEditor } from "@/features/editor/context";
import { Picker } from "@/forms/Picker";
import { delayed, required, shapeOfData } from "@/forms/placeholders";
import { ValueControl } from "@/forms/ValueControl";
import { t } from "@/i18n/i18n";
import { DATA_TYPES, type Data } from "@/model/document";
import { isObject } from "@/model/json";
import { Conditions, Selectable } from "./DataDetails";
import { at, DeleteButton, DescriptionLine, Line, NameLine, Toggle, Uses, useUpdate, type EntryProps } from "./shared";
import styles from "./Placeholders.module.css";

export function DataEditor({ entry, id, problems, readOnly, onRenamed }: EntryProps<Data>) {
  const editor = useEditor();
  const update = useUpdate("data", id);
  const asked = entry.placeholder !== false;
  const held = asked ? "default" : "value";
  const value = (asked ? entry.default : entry.value) ?? undefined;
  return (
    <>
      <NameLine list="data" id={id} name={entry.name} problems={problems} readOnly={readOnly} onRenamed={onRenamed} />
      <div className={styles.two}>
        <Line label={t("placeholders.type")} problems={at(problems, "/type")}>
          <Picker
            label={t("placeholders.type")}
            choices={DATA_TYPES.map((type) => ({ id: type, label: t(`data.${type}`) }))}
            value={entry.type}
            unset=""
            disabled={readOnly}
            onChange={(type) => {
              if (type !== entry.type) update({ set: { type, ...(type === "obs" && { object_type: "directory" }), ...(type === "data_selector" && { data_type_list: ["dataset", "obs"], placeholder: true }) }, unset: ["default", "value", ...(type === "obs" ? [] : ["object_type"]), ...(type === "data_selector" ? [] : ["data_type_list"])] });
            }}
          />
        </Line>
        {entry.type === "obs" && (
          <Line label={t("placeholders.objectType")}>
            <Picker
              label={t("placeholders.objectType")}
              choices={(["directory", "file"] as const).map((type) => ({ id: type, label: t(`placeholders.objectType.${type}`) }))}
              value={entry.object_type ?? "directory"}
              unset=""
              disabled={readOnly}
              onChange={(type) => {
                update({ set: { object_type: type } });
              }}
            />
          </Line>
        )}
      </div>
      {entry.type === "data_selector" && <Selectable entry={entry} id={id} problems={problems} readOnly={readOnly} />}
      <Toggle
        label={t("placeholders.asked")}
        on={asked}
        disabled={readOnly}
        onChange={(on) => {
          const kept = value === undefined ? {} : { [on ? "default" : "value"]: value };
          update({ set: { placeholder: on, ...kept, ...(!on && entry.delay === true && { delay: false }) }, unset: [on ? "value" : "default"] });
        }}
      />
      <Line label={asked ? t("placeholders.default") : t("placeholders.value")} help={asked && value === undefined && entry.required !== false ? t("placeholders.default.help") : ""} problems={at(problems, `/${held}`)}>
        <ValueControl
          label={t("placeholders.default")}
          shape={shapeOfData(entry)}
          value={value}
          disabled={readOnly}
          onDone={() => {
            editor.settle();
          }}
          onChange={(next) => {
            const empty = !isObject(next) || Object.keys(next).length === 0;
            update(empty ? { unset: [held] } : { set: { [held]: next } }, held);
          }}
        />
      </Line>
      {asked && <Toggle label={t("placeholders.required")} on={entry.required !== false} disabled={readOnly} onChange={(on) => { update(required(on)); }} />}
      {asked && <Toggle label={t("placeholders.delay")} on={entry.delay === true} disabled={readOnly} onChange={(on) => { update(delayed(on)); }} />}
      {(asked || (entry.conditions ?? []).length > 0) && <Conditions entry={entry} id={id} problems={problems} readOnly={readOnly} />}
      <DescriptionLine list="data" id={id} text={entry.description ?? ""} readOnly={readOnly} />
      <Uses list="data" name={entry.name} />
      {!readOnly && <DeleteButton list="data" id={id} name={entry.name} mayInline={value !== undefined} />}
    </>
  );
}
