/** The last thing that the run said, in the status line of the editor. */

import { useEffect, useRef, useState } from "react";
import { rangeReader } from "@/api/ranges";
import { t, useLanguage } from "@/i18n/i18n";
import { plainText } from "./ansi";
import { useRun } from "./context";
import { logUrl } from "./ranges";
import styles from "./Step.module.css";
import { useFollowing } from "./session";

const EVERY_MS = 700;
const LOOKED_AT = 2_048;

export function RunConsole() {
  useLanguage();
  const run = useRun();
  const session = run?.session ?? null;
  const step = useFollowing(session, ({ view }) => (view === null ? null : (Object.keys(view.steps).findLast((name) => view.steps[name]?.state === "running") ?? Object.keys(view.steps).findLast((name) => view.logs[name] !== undefined) ?? null)));
  const size = useFollowing(session, ({ view }) => (step === null ? 0 : (view?.logs[step]?.size ?? 0)));
  const attempt = useFollowing(session, ({ view }) => (step === null ? null : (view?.logs[step]?.attempt ?? null)));
  const [said, setSaid] = useState<{ readonly of: string; readonly text: string } | null>(null);
  const key = `${session?.id ?? ""} ${step ?? ""} ${attempt ?? ""}`;
  const newest = useRef(size);
  useEffect(() => {
    newest.current = size;
  }, [size]);
  useEffect(() => {
    if (session === null || step === null || attempt === null) return;
    const read = rangeReader(logUrl(session.id, step, attempt));
    const abort = new AbortController();
    let seen = 0;
    let reading = false;
    // In a rhythm of its own: a step that prints all the time must not keep its last line from being read.
    const look = (): void => {
      const end = newest.current;
      if (reading || end === seen) return;
      reading = true;
      read(Math.max(0, end - LOOKED_AT), end, abort.signal)
        .then(({ bytes }) => {
          seen = end;
          setSaid({ of: key, text: lastLine(new TextDecoder().decode(bytes)) });
        }, () => undefined)
        .finally(() => {
          reading = false;
        });
    };
    look();
    const timer = setInterval(look, EVERY_MS);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [session, step, attempt, key]);
  if (run === null || step === null) return null;
  return (
    <button type="button" className={styles.console} data-testid="console" onClick={() => { run.openLog(step, null); }}>
      <strong>{step}</strong>
      <code>{said !== null && said.of === key ? said.text : t("log.none")}</code>
    </button>
  );
}

export function lastLine(text: string): string {
  const lines = text.split("\n").map(plainText);
  return lines.findLast((line) => line.trim() !== "") ?? "";
}
