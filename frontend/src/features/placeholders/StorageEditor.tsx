/** A storage: the folder below which steps write, and what each run makes of it. */

import { useEditor } from "@/features/editor/context";
import { STORAGE_SHAPE } from "@/forms/placeholders";
import { resolvedPath } from "@/forms/storage";
import { ValueControl } from "@/forms/ValueControl";
import { t } from "@/i18n/i18n";
import type { Storage } from "@/model/document";
import { at, DeleteButton, DescriptionLine, Line, NameLine, Toggle, Uses, useUpdate, type EntryProps } from "./shared";

export function StorageEditor({ entry, id, problems, readOnly, onRenamed }: EntryProps<Storage>) {
  const editor = useEditor();
  const update = useUpdate("storages", id);
  const path = resolvedPath(entry, { path: "" }, t("form.storage.run"));
  return (
    <>
      <NameLine list="storages" id={id} name={entry.name} problems={problems} readOnly={readOnly} onRenamed={onRenamed} />
      <DescriptionLine list="storages" id={id} field="title" label={t("placeholders.title")} text={entry.title ?? ""} readOnly={readOnly} />
      <Line label={t("placeholders.root")} help={path === null ? t("placeholders.root.help") : t("placeholders.root.example", { path })} problems={at(problems, "/default")}>
        <ValueControl
          label={t("placeholders.root")}
          shape={STORAGE_SHAPE}
          value={entry.default ?? undefined}
          disabled={readOnly}
          invalid={at(problems, "/default").length > 0}
          onDone={() => {
            editor.settle();
          }}
          onChange={(next) => {
            update(next === undefined ? { unset: ["default"] } : { set: { default: next } }, "default");
          }}
        />
      </Line>
      <Toggle label={t("form.storage.with_execution_id")} on={entry.with_execution_id === true} disabled={readOnly} onChange={(on) => { update({ set: { with_execution_id: on } }); }} />
      <Toggle label={t("form.storage.create_dir")} on={entry.create_dir === true} disabled={readOnly} onChange={(on) => { update({ set: { create_dir: on } }); }} />
      <DescriptionLine list="storages" id={id} text={entry.description ?? ""} readOnly={readOnly} />
      <Uses list="storages" name={entry.name} />
      {!readOnly && <DeleteButton list="storages" id={id} name={entry.name} mayInline={false} />}
    </>
  );
}
