/** Chosen: switches, choices, engines, flavors, and names that the server knows. */

import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { Button, ComboBox, Input, ListBox, ListBoxItem, Popover } from "react-aria-components";
import { formatBytes, formatJson, formatNumber, t } from "@/i18n/i18n";
import { isObject, jsonEqual, type Json, type JsonObject } from "@/model/json";
import { classes } from "@/ui/classes";
import fieldStyles from "@/ui/Field.module.css";
import { Switch } from "@/ui/Field";
import { unsetText, type ControlProps } from "./control";
import styles from "./controls.module.css";
import { Picker, type PickerChoice } from "./Picker";
import { useDatasetNames, useDatasetVersionNames, useEngines, useFlavors, useImageNames, useModelNames, useReleasedWorkflows, type Flavor } from "./queries";
import { Clear } from "./TextControls";
import { choiceText, valueText } from "./words";

function Clearable({ label, value, onChange, clearable = true, disabled = false, compact = false, children }: ControlProps & { readonly children: ReactNode }) {
  return (
    <div className={styles.row}>
      {children}
      {clearable && !compact && value !== undefined && !disabled && (
        <Clear
          label={label}
          onPress={() => {
            onChange(undefined);
          }}
        />
      )}
    </div>
  );
}

export function SwitchControl(props: ControlProps) {
  const { label, value, onChange, fallback, disabled = false } = props;
  const on = value === undefined ? fallback === true : value === true;
  const said = value === undefined ? unsetText(fallback) : typeof value === "boolean" ? valueText(value) : formatJson(value);
  return (
    <Clearable {...props}>
      <div className={classes(styles.switchRow, styles.grow)}>
        <Switch isSelected={on} isDisabled={disabled} onChange={onChange} aria-label={label}>
          <span className={value === undefined ? styles.said : undefined}>{said}</span>
        </Switch>
      </div>
    </Clearable>
  );
}

/** Choices may be texts, numbers and truths at once: 3 and "3" are two. */
export function ChoiceControl({ choices, ...props }: ControlProps & { readonly choices: readonly Json[] }) {
  const { label, value, onChange, fallback, invalid = false, disabled = false, describedBy } = props;
  const all = value === undefined || choices.some((choice) => jsonEqual(choice, value)) ? choices : [...choices, value];
  return (
    <Clearable {...props}>
      <Picker
        label={label}
        choices={all.map((choice) => ({ id: JSON.stringify(choice), label: typeof choice === "string" ? choiceText(choice) || t("form.emptyText") : valueText(choice) }))}
        value={value === undefined ? null : JSON.stringify(value)}
        onChange={(id) => {
          onChange(JSON.parse(id) as Json);
        }}
        unset={unsetText(fallback)}
        invalid={invalid}
        disabled={disabled}
        describedBy={describedBy}
      />
    </Clearable>
  );
}

/** An engine as it is written: by name and version, by an id, or as an image. */
function engineId({ engine_name = null, engine_version = null, engine_id = null, image_url = null }: JsonObject): string {
  return JSON.stringify(image_url !== null ? { image_url } : engine_id !== null ? { engine_id } : { engine_name, engine_version });
}

export function EngineControl(props: ControlProps) {
  const { label, value, onChange, fallback, invalid = false, disabled = false, describedBy } = props;
  const engines = useEngines();
  const images = useImageNames();
  const known = [
    ...(engines.data?.items ?? []).map(({ name, version, description }): PickerChoice => ({ id: engineId({ engine_name: name, engine_version: version }), label: `${name} ${version}`, ...(description && { note: description }) })),
    ...(images.data ?? []).map((name): PickerChoice => ({ id: engineId({ image_url: name }), label: name, note: t("form.image") })),
  ];
  const chosen = isObject(value) ? engineId(value) : null;
  const other = isObject(value) ? (value.image_url ?? value.engine_id ?? null) : null;
  const text = typeof other === "string" ? other : other !== null ? formatJson(other) : isObject(value) ? `${String(value.engine_name ?? "")} ${String(value.engine_version ?? "")}`.trim() : "";
  const choices = chosen === null || text === "" || known.some((choice) => choice.id === chosen) ? known : [...known, { id: chosen, label: text, note: t("form.notHere") }];
  return (
    <Clearable {...props}>
      <Picker
        label={label}
        choices={choices}
        value={chosen}
        onChange={(id) => {
          onChange(JSON.parse(id) as Json);
        }}
        unset={engines.isPending ? t("loading") : unsetText(fallback)}
        invalid={invalid}
        disabled={disabled}
        describedBy={describedBy}
      />
    </Clearable>
  );
}

export function flavorNote({ cpu, memory_mb, gpus, gpu_type }: Flavor): string {
  const parts = [t("form.flavor.cpu", { cpu }), formatBytes(memory_mb * 1_000_000)];
  if (gpus > 0) parts.push(t("form.flavor.gpu", { gpus: formatNumber(gpus), type: gpu_type ?? "" }).trim());
  return parts.join(" · ");
}

/** As an object where the place takes one, else as a text; `only` is the placeholder's constraint. */
export function FlavorControl({ asText = false, gpuOnly = false, ...props }: ControlProps & { readonly asText?: boolean; readonly gpuOnly?: boolean }) {
  const { label, value, onChange, fallback, invalid = false, disabled = false, describedBy } = props;
  const flavors = useFlavors();
  const known = (flavors.data?.items ?? [])
    .filter((flavor) => !gpuOnly || flavor.gpus > 0)
    .map((flavor): PickerChoice => ({ id: flavor.flavor_id, label: flavor.flavor_id, note: flavorNote(flavor) }));
  const given = isObject(value) ? value.flavor_id : value;
  const chosen = typeof given === "string" && given !== "" ? given : null;
  const choices = chosen === null || known.some((choice) => choice.id === chosen) ? known : [...known, { id: chosen, label: chosen, note: t("form.notHere") }];
  return (
    <Clearable {...props}>
      <Picker
        label={label}
        choices={choices}
        value={chosen}
        onChange={(id) => {
          onChange(asText ? id : { flavor_id: id });
        }}
        unset={flavors.isPending ? t("loading") : fallback === undefined || fallback === null ? t("form.flavor.unset") : unsetText(fallback)}
        invalid={invalid}
        disabled={disabled}
        describedBy={describedBy}
      />
    </Clearable>
  );
}

/** A workflow of the project at its newest release; the one that is written stays a choice when a newer one is out. */
export function ReleaseControl(props: ControlProps) {
  const { label, value, onChange, fallback, invalid = false, disabled = false, describedBy } = props;
  const released = useReleasedWorkflows();
  const known = (released.data ?? []).map(({ name, version }): PickerChoice => ({ id: JSON.stringify([name, version]), label: name, note: t("form.release.version", { version }) }));
  const name = isObject(value) && typeof value.workflow === "string" ? value.workflow : "";
  const version = isObject(value) && typeof value.version === "number" ? value.version : 0;
  const chosen = name === "" ? null : JSON.stringify([name, version]);
  const newest = (released.data ?? []).find((each) => each.name === name)?.version ?? null;
  const said = newest === null ? t("form.notHere") : newest > version ? t("form.release.older", { newest }) : t("form.release.unknown");
  const mine: PickerChoice = { id: chosen ?? "", label: name, note: `${t("form.release.version", { version })} · ${said}` };
  return (
    <Clearable {...props}>
      <Picker
        label={label}
        choices={chosen === null || known.some((choice) => choice.id === chosen) ? known : [mine, ...known]}
        value={chosen}
        onChange={(id) => {
          const [workflow, number] = JSON.parse(id) as [string, number];
          onChange({ workflow, version: number });
        }}
        unset={released.isPending ? t("loading") : known.length === 0 ? t("form.release.none") : unsetText(fallback)}
        invalid={invalid}
        disabled={disabled}
        describedBy={describedBy}
      />
    </Clearable>
  );
}

/** A name, typed, or one of those that are there. */
export function SuggestControl({ names, unset, ...props }: ControlProps & { readonly names: readonly string[]; readonly unset?: string }) {
  const { label, value, onChange, onDone, fallback, invalid = false, disabled = false, describedBy } = props;
  const text = typeof value === "string" ? value : "";
  return (
    <Clearable {...props}>
      <ComboBox
        aria-label={label}
        allowsCustomValue
        menuTrigger="focus"
        inputValue={text}
        isDisabled={disabled}
        onInputChange={(next) => {
          if (next !== text) onChange(next);
        }}
        items={names.map((name) => ({ id: name }))}
        className={styles.grow ?? ""}
      >
        <div className={styles.box} data-invalid={invalid || undefined}>
          <Input className={styles.input ?? ""} aria-describedby={describedBy} placeholder={unset ?? (value === "" ? t("form.emptyText") : unsetText(fallback))} {...(onDone && { onBlur: onDone })} />
          <Button className={styles.small ?? ""}>
            <ChevronDown size={14} aria-hidden="true" />
          </Button>
        </div>
        <Popover className={fieldStyles.popover ?? ""} offset={4}>
          <ListBox className={fieldStyles.list ?? ""} renderEmptyState={() => null}>
            {(item: { readonly id: string }) => (
              <ListBoxItem id={item.id} textValue={item.id} className={fieldStyles.option ?? ""}>
                {item.id}
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
    </Clearable>
  );
}

export function DatasetControl(props: ControlProps) {
  return <SuggestControl {...props} names={(useDatasetNames().data ?? []).map(({ name }) => name)} />;
}

export function DatasetVersionControl({ dataset, ...props }: ControlProps & { readonly dataset: string | null }) {
  const id = useDatasetNames().data?.find(({ name }) => name === dataset)?.id ?? null;
  return <SuggestControl {...props} names={useDatasetVersionNames(id).data ?? []} />;
}

export function ImageControl(props: ControlProps) {
  return <SuggestControl {...props} names={useImageNames().data ?? []} />;
}

export function ModelControl(props: ControlProps) {
  return <SuggestControl {...props} names={useModelNames().data ?? []} />;
}
