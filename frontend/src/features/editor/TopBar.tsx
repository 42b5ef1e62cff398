/** The editor's part of the top bar: where one is, whether it is saved, undo and redo, design or runs, and Run. */

import { ChevronRight, Redo2, Undo2 } from "lucide-react";
import { useState, type KeyboardEvent } from "react";
import { t, useLanguage, type MessageKey } from "@/i18n/i18n";
import { en } from "@/i18n/en";
import { WORKFLOW_NAME_PATTERN } from "@/model/document";
import { BarSlot } from "@/ui/bar";
import { IconButton } from "@/ui/Button";
import { Link, useSearchParams } from "@/ui/navigation";
import { Tooltip } from "@/ui/Tooltip";
import { Button as AriaButton } from "react-aria-components";
import { useDocument, useEditor, useEditorState } from "./context";
import { MoreMenu } from "./MoreMenu";
import { SaveNote } from "./SaveNote";
import type { EditorSlots } from "./slots";
import styles from "./TopBar.module.css";

export const TABS = ["design", "program", "versions", "runs"] as const;
export type EditorTab = (typeof TABS)[number];

export function useEditorTab(): EditorTab {
  const wanted = useSearchParams().get("tab");
  return TABS.find((tab) => tab === wanted) ?? "design";
}

export function TopBar({ slots, onRename }: { readonly slots: EditorSlots; readonly onRename: (name: string) => void }) {
  useLanguage();
  const { RunButton } = slots;
  return (
    <>
      <BarSlot place="left">
        <nav className={styles.crumbs} aria-label={t("editor.crumbs")}>
          <Link href="/">{t("nav.workflows")}</Link>
          <ChevronRight size={14} aria-hidden="true" />
          <Name onRename={onRename} />
        </nav>
        <SaveNote />
      </BarSlot>
      <BarSlot place="center"><Tabs slots={slots} /></BarSlot>
      <BarSlot place="tools">
        <History />
        <MoreMenu />
      </BarSlot>
      <BarSlot place="right">{RunButton !== undefined && <RunButton />}</BarSlot>
    </>
  );
}

function Name({ onRename }: { readonly onRename: (name: string) => void }) {
  const { name } = useDocument();
  const readOnly = useEditorState((state) => state.readOnly);
  const [typed, setTyped] = useState<string | null>(null);
  const valid = typed !== null && WORKFLOW_NAME_PATTERN.test(typed);
  const done = (keep: boolean) => {
    if (keep && valid && typed !== name) onRename(typed);
    setTyped(null);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "Enter") done(true);
    if (event.key === "Escape") done(false);
  };
  if (typed === null) {
    return (
      <Tooltip text={t("action.rename")}>
        <AriaButton
          className={styles.name ?? ""}
          isDisabled={readOnly}
          data-testid="workflow-name"
          onPress={() => {
            setTyped(name);
          }}
        >
          {name}
        </AriaButton>
      </Tooltip>
    );
  }
  return (
    <span className={styles.naming}>
      <input
        className={styles.nameInput}
        aria-label={t("new.name")}
        aria-invalid={!valid}
        value={typed}
        maxLength={64}
        autoFocus
        onFocus={(event) => {
          event.target.select();
        }}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
        onKeyDown={key}
        onBlur={() => {
          done(true);
        }}
      />
      {!valid && (
        <span role="alert" className={styles.nameError}>
          {t("new.name.help")}
        </span>
      )}
    </span>
  );
}

function Tabs({ slots }: { readonly slots: EditorSlots }) {
  const tab = useEditorTab();
  const shown = TABS.filter((each) => each === "design" || slots.views?.[each] !== undefined);
  if (shown.length === 1) return null;
  return (
    <nav className={styles.tabs} aria-label={t("editor.tabs")}>
      {shown.map((each) => (
        <Link key={each} href={each === "design" ? location.pathname : `${location.pathname}?tab=${each}`} className={styles.tab} {...(tab === each && { "aria-current": "page" as const })} data-testid={`tab-${each}`}>
          {t(`editor.tab.${each}`)}
        </Link>
      ))}
    </nav>
  );
}

function History() {
  const editor = useEditor();
  const past = useEditorState((state) => state.history.past.at(-1)?.label);
  const future = useEditorState((state) => state.history.future.at(-1)?.label);
  return (
    <>
      <IconButton
        label={past === undefined ? t("editor.undo") : t("editor.undo.what", { what: wordOf(past) })}
        keys="Mod+Z"
        icon={<Undo2 size={17} />}
        isDisabled={past === undefined}
        data-testid="undo"
        onPress={editor.undo}
      />
      <IconButton
        label={future === undefined ? t("editor.redo") : t("editor.redo.what", { what: wordOf(future) })}
        keys="Mod+Shift+Z"
        icon={<Redo2 size={17} />}
        isDisabled={future === undefined}
        data-testid="redo"
        onPress={editor.redo}
      />
    </>
  );
}

/** What a command is called; the group's word where it has none of its own. */
export function wordOf(label: string): string {
  const key = `editor.did.${label}`;
  return t(Object.hasOwn(en, key) ? (key as MessageKey) : "editor.did.other");
}
