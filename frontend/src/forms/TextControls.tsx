/** Typed in: text, numbers, JSON. */

import { Minus, Plus, X } from "lucide-react";
import { useState, type KeyboardEvent } from "react";
import { Button, Input, TextArea } from "react-aria-components";
import { t } from "@/i18n/i18n";
import { isObject, type Json } from "@/model/json";
import { classes } from "@/ui/classes";
import { CodeEditor } from "@/ui/CodeEditor";
import { unsetText, type ControlProps } from "./control";
import styles from "./controls.module.css";
import { readNumber, stepped, writtenNumber } from "./number";

export function Clear({ label, onPress }: { readonly label: string; readonly onPress: () => void }) {
  return (
    <Button className={styles.small ?? ""} aria-label={t("form.clear", { field: label })} onPress={onPress} data-testid="clear">
      <X size={14} />
    </Button>
  );
}

interface TextProps extends ControlProps {
  readonly mono?: boolean;
  readonly rows?: number;
  /** What stands in the empty field, where "not set" says too little. */
  readonly hint?: string;
}

export function TextControl({ label, value, onChange, onDone, fallback, clearable = true, invalid = false, disabled = false, compact = false, describedBy, mono = false, rows, hint }: TextProps) {
  const shown = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  const shared = {
    "aria-label": label,
    "aria-invalid": invalid || undefined,
    "aria-describedby": describedBy,
    value: shown,
    disabled,
    spellCheck: !mono && rows !== undefined,
    placeholder: value === "" ? t("form.emptyText") : (hint ?? unsetText(fallback)),
    "data-empty": value === "" ? true : undefined,
    className: classes(styles.input, mono && styles.mono),
    ...(onDone && { onBlur: onDone }),
  };
  return (
    <div className={classes(styles.box, rows !== undefined && styles.tall)} data-invalid={invalid || undefined} data-disabled={disabled || undefined}>
      {rows === undefined ? (
        <Input
          {...shared}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        />
      ) : (
        <TextArea
          {...shared}
          rows={rows}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        />
      )}
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

interface NumberProps extends ControlProps {
  readonly integer: boolean;
  readonly minimum?: number | null;
  readonly maximum?: number | null;
}

interface Typed {
  readonly text: string;
  /** The value that the document had then: another one means that somebody else changed it. */
  readonly value: Json | undefined;
}

export function NumberControl({ label, value, onChange, onDone, onWrong, fallback, clearable = true, invalid = false, disabled = false, compact = false, describedBy, integer, minimum = null, maximum = null }: NumberProps) {
  const [typed, setTyped] = useState<Typed | null>(null);
  const text = typed !== null && typed.value === value ? typed.text : value === undefined ? "" : typeof value === "number" ? writtenNumber(value) : JSON.stringify(value);
  const { wrong } = typeof value === "number" || value === undefined ? readNumber(text, integer) : { wrong: null };
  const type = (next: string): void => {
    const read = readNumber(next, integer);
    setTyped({ text: next, value: read.wrong === null ? read.value : value });
    onWrong?.(read.wrong === null ? null : t(`form.number.${read.wrong}`));
    if (read.wrong === null && read.value !== value) onChange(read.value);
  };
  const move = (direction: 1 | -1): void => {
    const from = typeof value === "number" ? value : typeof fallback === "number" ? fallback : (minimum ?? 0);
    setTyped(null);
    onWrong?.(null);
    onChange(stepped(from, direction, integer, minimum, maximum));
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    move(event.key === "ArrowUp" ? 1 : -1);
  };
  return (
    <div>
      <div className={styles.box} data-invalid={invalid || wrong !== null || undefined} data-disabled={disabled || undefined}>
        <Input
          aria-label={label}
          aria-invalid={invalid || wrong !== null || undefined}
          aria-describedby={describedBy}
          inputMode={integer ? "numeric" : "decimal"}
          value={text}
          disabled={disabled}
          placeholder={unsetText(fallback)}
          className={styles.input ?? ""}
          onChange={(event) => {
            type(event.target.value);
          }}
          onKeyDown={key}
          onBlur={() => {
            if (wrong === null) setTyped(null);
            onDone?.();
          }}
        />
        {clearable && !compact && value !== undefined && !disabled && (
          <Clear
            label={label}
            onPress={() => {
              type("");
            }}
          />
        )}
        {!compact && (
          <>
            <Button className={styles.small ?? ""} aria-label={t("form.less", { field: label })} excludeFromTabOrder isDisabled={disabled} onPress={() => { move(-1); }}>
              <Minus size={13} />
            </Button>
            <Button className={styles.small ?? ""} aria-label={t("form.moreOf", { field: label })} excludeFromTabOrder isDisabled={disabled} onPress={() => { move(1); }}>
              <Plus size={13} />
            </Button>
          </>
        )}
      </div>
      {wrong !== null && (
        <p role="alert" className={styles.wrong}>
          {t(`form.number.${wrong}`)}
        </p>
      )}
    </div>
  );
}

export function JsonControl({ label, value, onChange, onDone, onWrong, fallback, clearable = true, invalid = false, disabled = false, compact = false, describedBy, rows = 4 }: ControlProps & { readonly rows?: number }) {
  const [typed, setTyped] = useState<Typed | null>(null);
  const text = typed !== null && typed.value === value ? typed.text : value === undefined ? "" : written(value);
  const wrong = text.trim() === "" ? null : jsonError(text);
  const type = (next: string): void => {
    const problem = next.trim() === "" ? null : jsonError(next);
    const read = next.trim() === "" ? undefined : problem === null ? (JSON.parse(next) as Json) : value;
    setTyped({ text: next, value: read });
    onWrong?.(problem === null ? null : t("form.json.wrong", { reason: problem }));
    if (problem === null) onChange(read);
  };
  return (
    <div>
      {compact ? (
        <div className={classes(styles.box, styles.tall)} data-invalid={invalid || wrong !== null || undefined}>
          <TextArea
            aria-label={label}
            aria-invalid={invalid || wrong !== null || undefined}
            aria-describedby={describedBy}
            rows={rows}
            spellCheck={false}
            value={text}
            disabled={disabled}
            placeholder={unsetText(fallback)}
            className={classes(styles.input, styles.mono)}
            onChange={(event) => {
              type(event.target.value);
            }}
            {...(onDone && { onBlur: onDone })}
          />
        </div>
      ) : (
        <div className={styles.code} style={{ height: rows * 20 + 40 }} data-invalid={invalid || wrong !== null || undefined} data-code="json">
          <CodeEditor
            label={label}
            language="json"
            value={text}
            readOnly={disabled}
            hint={unsetText(fallback)}
            invalid={invalid || wrong !== null}
            describedBy={describedBy}
            onChange={(next) => {
              if (next !== text) type(next);
            }}
            {...(onDone && { onBlur: onDone })}
          />
          {clearable && value !== undefined && !disabled && (
            <span className={styles.codeClear}>
              <Clear
                label={label}
                onPress={() => {
                  type("");
                }}
              />
            </span>
          )}
        </div>
      )}
      {wrong !== null && (
        <p role="alert" className={styles.wrong}>
          {t("form.json.wrong", { reason: wrong })}
        </p>
      )}
    </div>
  );
}

const written = (value: Json): string => JSON.stringify(value, null, isObject(value) || Array.isArray(value) ? 2 : 0);

function jsonError(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
