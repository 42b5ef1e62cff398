/** A name that others refer to. It changes once, when it is finished, and never to one that cannot be. */

import { useState, type KeyboardEvent } from "react";
import { Input } from "react-aria-components";
import { t } from "@/i18n/i18n";
import { NAME_PATTERN } from "@/model/document";
import { classes } from "@/ui/classes";
import styles from "./controls.module.css";

interface Props {
  readonly label: string;
  readonly name: string;
  readonly taken: ReadonlySet<string>;
  readonly onRename: (name: string) => void;
  readonly disabled?: boolean;
  readonly bare?: boolean;
  readonly "data-testid"?: string;
}

export function RenameField({ label, name, taken, onRename, disabled = false, bare = false, ...rest }: Props) {
  const [typed, setTyped] = useState<{ readonly text: string; readonly of: string } | null>(null);
  const text = typed !== null && typed.of === name ? typed.text : name;
  const wrong = text === name ? null : !NAME_PATTERN.test(text) ? t("form.name.bad") : taken.has(text) ? t("form.name.taken", { name: text }) : null;
  const finish = (): void => {
    setTyped(null);
    if (wrong === null && text !== name) onRename(text);
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (wrong === null) finish();
    } else if (event.key === "Escape" && typed !== null) {
      event.preventDefault();
      event.stopPropagation();
      setTyped(null);
    }
  };
  return (
    <div className={styles.grow}>
      <div className={classes(styles.box, bare && styles.quietBox)} data-invalid={wrong !== null || undefined}>
        <Input
          {...rest}
          aria-label={label}
          aria-invalid={wrong !== null || undefined}
          spellCheck={false}
          disabled={disabled}
          value={text}
          className={classes(styles.input, styles.mono)}
          onChange={(event) => {
            setTyped({ text: event.target.value, of: name });
          }}
          onBlur={finish}
          onKeyDown={key}
        />
      </div>
      {wrong !== null && (
        <p role="alert" className={styles.wrong}>
          {wrong}
        </p>
      )}
    </div>
  );
}
