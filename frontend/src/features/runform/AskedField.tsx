/** One question of the run form. */

import { History, RotateCcw } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import { PlaceholderChip } from "@/forms/Chips";
import { ValueControl } from "@/forms/ValueControl";
import { valueText } from "@/forms/words";
import { sayProblem, t } from "@/i18n/i18n";
import { jsonEqual, type Json } from "@/model/json";
import type { Problem } from "@/model/problems";
import { Tooltip } from "@/ui/Tooltip";
import type { Asked } from "./asked";
import styles from "./RunPanel.module.css";

interface Props {
  readonly asked: Asked;
  /** undefined: nothing was set here. */
  readonly value: Json | undefined;
  readonly last: Json | undefined;
  readonly lastRun: number | null;
  readonly problems: readonly Problem[];
  readonly users: readonly string[];
  readonly onChange: (value: Json | undefined) => void;
  readonly onWrong: (message: string | null) => void;
}

export function AskedField({ asked, value, last, lastRun, problems, users, onChange, onWrong }: Props) {
  const id = `asked-${asked.name}`;
  const preset = Object.hasOwn(asked, "default");
  const title = "title" in asked.entry ? (asked.entry.title ?? "") : "";
  const example = "example" in asked.entry ? (asked.entry.example ?? undefined) : undefined;
  const set = value !== undefined;
  const shown = set ? value : asked.default;
  const offered = last !== undefined && lastRun !== null && !jsonEqual(last, shown) ? last : undefined;
  return (
    <div className={styles.field} data-asked={asked.name} data-invalid={problems.length > 0 || undefined} data-testid={`asked:${asked.name}`}>
      <div className={styles.fieldHead}>
        {title !== "" && <span className={styles.fieldTitle}>{title}</span>}
        <PlaceholderChip name={asked.name} />
        {asked.required && !preset && !asked.delayed && <span className={styles.required}>{t("field.required")}</span>}
        <span className={styles.state} data-state={set ? "set" : preset ? "default" : "unset"}>
          {set ? (shown === "" || shown === null || (Array.isArray(shown) && shown.length === 0) ? valueText(shown) : "") : preset ? t("runform.isDefault") : asked.delayed ? t("runform.askedLater") : asked.required ? "" : t("runform.leftOut")}
        </span>
        {users.length > 1 && <span className={styles.users}>{t("runform.alsoFor", { steps: users.slice(1).join(", ") })}</span>}
        {set && (
          <Tooltip text={preset ? t("runform.reset", { value: valueText(asked.default) }) : t("runform.unset")}>
            <AriaButton
              className={styles.mini ?? ""}
              aria-label={preset ? t("runform.resetOf", { name: asked.name }) : t("form.clear", { field: asked.name })}
              data-testid="reset"
              onPress={() => {
                onWrong(null);
                onChange(undefined);
              }}
            >
              <RotateCcw size={13} />
            </AriaButton>
          </Tooltip>
        )}
      </div>
      <ValueControl
        label={asked.name}
        shape={asked.shape}
        gpuOnly={asked.gpuOnly}
        value={shown}
        fallback={undefined}
        clearable={!preset && set}
        invalid={problems.length > 0}
        describedBy={`${id}-foot`}
        onChange={(next) => {
          // Emptied where a default waits: the empty text is a value, the empty number is none.
          onChange(next);
        }}
        onWrong={onWrong}
      />
      <div id={`${id}-foot`} className={styles.fieldFoot}>
        {problems.map((problem) => {
          const { message, hint } = sayProblem(problem);
          return (
            <p key={problem.code + problem.path} role="alert" data-code={problem.code} className={styles.wrong}>
              {message} <span>{hint}</span>
            </p>
          );
        })}
        {asked.description !== "" && <p>{asked.description}</p>}
        {example !== undefined && <p>{t("runform.example", { value: valueText(example) })}</p>}
        {offered !== undefined && (
          <button
            type="button"
            className={styles.last}
            data-testid="use-last"
            onClick={() => {
              onWrong(null);
              onChange(offered);
            }}
          >
            <History size={12} aria-hidden="true" />
            {t("runform.last", { run: lastRun ?? 0, value: valueText(offered) })}
          </button>
        )}
      </div>
    </div>
  );
}
