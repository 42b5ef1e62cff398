/** What people changed of a step before they let it run again. */

import { ArrowRight } from "lucide-react";
import { valueText, wordOr } from "@/forms/words";
import { t } from "@/i18n/i18n";
import type { Json, JsonObject } from "@/model/json";
import { changedPlace, type Story } from "./edits";
import styles from "./Step.module.css";

export function Changes({ story, edited }: { readonly story: Story; readonly edited: JsonObject | null }) {
  return (
    <div className={styles.changes} data-testid="changes" data-before={story.attempt}>
      <p>{story.name === null ? t("changes.before", { number: story.attempt }) : t("changes.before.by", { number: story.attempt, name: story.name })}</p>
      <ul>
        {story.changes.map((change) => (
          <li key={change.path} data-path={change.path}>
            <span className={styles.changePlace}>{changedPlace(change.path, edited?.step, (part) => wordOr(part, `prop.${part}`))}</span>
            <span className={styles.changeSides}>
              <del>{side(change.before)}</del>
              <ArrowRight size={12} aria-label={t("versions.becomes")} />
              <ins>{side(change.after)}</ins>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

const side = (value: Json): string => (value === null ? t("form.notSet") : valueText(value));
