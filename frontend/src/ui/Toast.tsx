/** Short messages that come and go. What cannot be undone is a dialog, what is wrong with a field is at the field. */
import { CircleAlert, CircleCheck, X } from "lucide-react";
import { Button as AriaButton, Text, UNSTABLE_Toast as AriaToast, UNSTABLE_ToastContent as ToastContent, UNSTABLE_ToastQueue as ToastQueue, UNSTABLE_ToastRegion as ToastRegion } from "react-aria-components";
import { sayProblem, t, useLanguage } from "@/i18n/i18n";
import type { Problem } from "@/model/problems";
import { Button } from "./Button";
import { classes } from "./classes";
import styles from "./Toast.module.css";

interface Content {
  readonly tone: "good" | "bad";
  readonly text: string;
  readonly detail?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const queue = new ToastQueue<Content>({ maxVisibleToasts: 4 });
const SHOWN_MS = 5_000;
const PROBLEM_SHOWN_MS = 12_000;

export function toast(text: string, action?: Content["action"]): void {
  queue.add({ tone: "good", text, ...(action && { action }) }, { timeout: SHOWN_MS });
}

export function toastProblem(problem: Problem): void {
  const { message, hint } = sayProblem(problem);
  // Said again, it is one message that stays longer, not a pile of them.
  for (const shown of queue.visibleToasts) if (shown.content.text === message && shown.content.detail === hint) queue.close(shown.key);
  queue.add({ tone: "bad", text: message, detail: hint }, { timeout: PROBLEM_SHOWN_MS });
}

export function Toasts() {
  useLanguage();
  return (
    <ToastRegion queue={queue} aria-label={t("toast.region")} className={styles.region}>
      {({ toast: shown }) => (
        <AriaToast toast={shown} className={styles.toast}>
          {shown.content.tone === "good" ? <CircleCheck size={16} className={styles.good} /> : <CircleAlert size={16} className={styles.bad} />}
          <ToastContent className={styles.content}>
            <Text slot="title" className={styles.title}>
              {shown.content.text}
            </Text>
            {shown.content.detail !== undefined && (
              <Text slot="description" className={styles.detail}>
                {shown.content.detail}
              </Text>
            )}
          </ToastContent>
          {shown.content.action !== undefined && (
            <Button
              small
              onPress={() => {
                shown.content.action?.run();
                queue.close(shown.key);
              }}
            >
              {shown.content.action.label}
            </Button>
          )}
          <AriaButton slot="close" aria-label={t("action.close")} className={classes(styles.close)}>
            <X size={14} />
          </AriaButton>
        </AriaToast>
      )}
    </ToastRegion>
  );
}
