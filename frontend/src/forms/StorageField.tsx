/** A path below a storage: which storage, which path, and the two flags, each as the storage has it or otherwise. */

import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { t } from "@/i18n/i18n";
import type { Command } from "@/model/commands";
import type { Json, JsonObject } from "@/model/json";
import { Button } from "@/ui/Button";
import { ChipField } from "./Chips";
import controls from "./controls.module.css";
import { Picker } from "./Picker";
import { flagOf, resolvedPath, storageNeeded, toStorage, withFlag, type FlagChoice } from "./storage";
import styles from "./StorageField.module.css";
import { usePlace, useStepForm, type StepForm } from "./stepForm";
import { TextControl } from "./TextControls";

/** Puts a field below a storage, which is made when there is none yet. */
export function newStorageReference({ document, step }: StepForm, pointer: string, wanted: string, value: Json | undefined, file: boolean): Command {
  const { commands, name } = storageNeeded(document, wanted);
  const written = typeof value === "string" ? value.replace(/^\/+/, "") : "";
  const path = written || (file ? `${step.name}/metrics.json` : `${step.name}/`);
  const set: Command = { type: "step.set", id: step.id, pointer, value: toStorage(name, path, file ? { create_dir: false } : {}) };
  return { type: "batch", label: "storage.use", commands: [...commands, set] };
}

interface Props {
  readonly label: string;
  readonly pointer: string;
  readonly value: JsonObject;
  readonly onRemove?: (() => void) | undefined;
}

export function StorageField({ label, pointer, value, onRemove }: Props) {
  const { document, readOnly, settle } = useStepForm();
  const [, set] = usePlace(pointer);
  const [flags, showFlags] = useState(flagOf(value, "with_execution_id") !== "storage");
  const storages = document.storages ?? [];
  const name = typeof value.name === "string" ? value.name : "";
  const storage = storages.find((each) => each.name === name);
  const change = (body: JsonObject): void => {
    set({ $storage: body });
  };
  const path = resolvedPath(storage, value, t("form.storage.run"));
  return (
    <div className={styles.storage}>
      <ChipField tone={storage === undefined ? "broken" : "storage"} onRemove={onRemove}>
        <Picker
          label={t("form.storage.of", { field: label })}
          className={styles.name}
          brief
          choices={storages.map((each) => ({ id: each.name, label: each.name, ...(each.title && { note: each.title }) }))}
          value={name}
          unset={name || t("form.storage.none")}
          disabled={readOnly}
          onChange={(next) => {
            change({ ...value, name: next });
          }}
        />
        <span className={styles.slash}>/</span>
        <span className={styles.path}>
          <TextControl
            label={t("form.storage.path", { field: label })}
            value={value.path}
            mono
            clearable={false}
            disabled={readOnly}
            onDone={settle}
            onChange={(next) => {
              change({ ...value, path: typeof next === "string" ? next : "" });
            }}
          />
        </span>
      </ChipField>
      <div className={styles.foot}>
        <span className={styles.resolved}>{path ?? t("form.storage.noRoot")}</span>
        <Button
          small
          look="quiet"
          aria-expanded={flags}
          icon={<ChevronDown size={13} className={flags ? styles.turned : undefined} />}
          onPress={() => {
            showFlags(!flags);
          }}
        >
          {t("form.storage.flags")}
        </Button>
      </div>
      {flags && (
        <div className={styles.flags}>
          {(["with_execution_id", "create_dir"] as const).map((flag) => (
            <div key={flag} className={controls.stack}>
              <span className={controls.said}>{t(`form.storage.${flag}`)}</span>
              <Picker
                label={t(`form.storage.${flag}`)}
                choices={[
                  { id: "storage", label: t("form.storage.asStorage", { value: t(storage?.[flag] === true ? "form.true" : "form.false") }) },
                  { id: "yes", label: t("form.true") },
                  { id: "no", label: t("form.false") },
                ]}
                value={flagOf(value, flag)}
                unset=""
                disabled={readOnly}
                onChange={(choice) => {
                  change(withFlag(value, flag, choice as FlagChoice));
                }}
              />
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
