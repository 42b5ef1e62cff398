/** A search at a place on the canvas: what could be put there, or what fits the wire that was let go there. */

import { Plus, TextCursorInput } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { createPortal } from "react-dom";
import { KindIcon } from "@/canvas/KindIcon";
import { kindText, kindTitle } from "@/canvas/kindWords";
import type { Wiring } from "@/canvas/wiring";
import { t, useLanguage } from "@/i18n/i18n";
import { stepById, type Data, type WorkflowDocument } from "@/model/document";
import { kindsTaking, typeOfPlaceholder, type Kinds, type StepKind } from "@/model/ports";
import { useEditor } from "./context";
import { matching } from "./kinds";
import styles from "./QuickSearch.module.css";

export type Choice = { readonly kind: StepKind } | { readonly data: Data } | { readonly newData: true };

interface Props {
  readonly at: { readonly x: number; readonly y: number };
  /** The wire that has no other end yet. */
  readonly wiring: Wiring | null;
  readonly onChoose: (choice: Choice) => void;
  readonly onClose: () => void;
}

const WIDTH = 300;
const HEIGHT = 330;

export function QuickSearch({ at, wiring, onChoose, onClose }: Props) {
  useLanguage();
  const { kinds, store } = useEditor();
  const [search, setSearch] = useState("");
  const [active, setActive] = useState(0);
  const list = useId();
  const box = useRef<HTMLDivElement>(null);
  const choices = choicesFor(kinds, store.getState().document, wiring, search);
  const chosen = Math.min(active, choices.length - 1);
  useEffect(() => {
    const outside = (event: PointerEvent): void => {
      if (!(event.target instanceof Node) || !box.current?.contains(event.target)) onClose();
    };
    document.addEventListener("pointerdown", outside, true);
    return () => {
      document.removeEventListener("pointerdown", outside, true);
    };
  }, [onClose]);
  const key = (event: KeyboardEvent) => {
    event.stopPropagation();
    const picked = choices[chosen];
    if (event.key === "ArrowDown") setActive((chosen + 1) % Math.max(1, choices.length));
    else if (event.key === "ArrowUp") setActive((chosen - 1 + choices.length) % Math.max(1, choices.length));
    else if (event.key === "Enter" && picked !== undefined) onChoose(picked);
    else if (event.key === "Escape" || event.key === "Tab") onClose();
    else return;
    event.preventDefault();
  };
  const place = { left: Math.max(8, Math.min(at.x, innerWidth - WIDTH - 8)), top: Math.max(8, Math.min(at.y, innerHeight - HEIGHT - 8)), width: WIDTH };
  return createPortal(
    <div ref={box} role="dialog" aria-label={t("editor.quick")} className={styles.quick} style={place} data-testid="quick-search" onKeyDown={key}>
      {wiring !== null && <p className={styles.lead}>{t(wiring.forwards ? "editor.quick.takes" : "editor.quick.gives", { type: t(`port.${wiring.type}`) })}</p>}
      <input
        className={styles.input}
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={choices.length > 0 ? `${list}-${String(chosen)}` : undefined}
        aria-label={t("editor.palette.search")}
        placeholder={t("editor.palette.search")}
        value={search}
        autoFocus
        onChange={(event) => {
          setSearch(event.target.value);
          setActive(0);
        }}
      />
      <ul id={list} role="listbox" aria-label={t("editor.quick")} className={styles.list}>
        {choices.map((choice, index) => (
          <li
            key={keyOf(choice)}
            id={`${list}-${String(index)}`}
            role="option"
            aria-selected={index === chosen}
            className={styles.option}
            data-testid="quick-option"
            data-choice={keyOf(choice)}
            onPointerMove={() => {
              setActive(index);
            }}
            onClick={() => {
              onChoose(choice);
            }}
          >
            <Option choice={choice} kinds={kinds} />
          </li>
        ))}
      </ul>
      {choices.length === 0 && <p className={styles.none}>{t("editor.quick.none")}</p>}
    </div>,
    document.body,
  );
}

function keyOf(choice: Choice): string {
  if ("kind" in choice) return choice.kind.name;
  return "data" in choice ? `data:${choice.data.name}` : "new-data";
}

function Option({ choice, kinds }: { readonly choice: Choice; readonly kinds: Kinds }) {
  if ("kind" in choice) {
    return (
      <>
        <KindIcon kind={choice.kind.name} size={24} />
        <Words title={kindTitle(kinds, choice.kind.name)} text={kindText(kinds, choice.kind.name)} />
      </>
    );
  }
  const made = "newData" in choice;
  return (
    <>
      <span className={styles.sign}>{made ? <Plus size={15} /> : <TextCursorInput size={15} />}</span>
      <Words title={made ? t("editor.quick.newData") : choice.data.name} text={made ? t("editor.quick.newData.text") : t("editor.quick.data")} />
    </>
  );
}

function Words({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <span className={styles.words}>
      <span className={styles.title}>{title}</span>
      <span className={styles.text}>{text}</span>
    </span>
  );
}

export function choicesFor(kinds: Kinds, document: WorkflowDocument, wiring: Wiring | null, search: string): Choice[] {
  const all = [...kinds.values()];
  if (wiring === null || wiring.role.role === "branch" || wiring.role.role === "order_out" || wiring.role.role === "order_in") return matching(kinds, search, all).map((kind) => ({ kind }));
  if (wiring.forwards) {
    const taking = wiring.type === "metrics" ? all.filter((kind) => kind.name === "condition") : kindsTaking(kinds, wiring.type);
    return matching(kinds, search, taking).map((kind) => ({ kind }));
  }
  const accepts: readonly string[] = kinds.get(stepById(document, wiring.start.stepId)?.kind ?? "")?.inputs.accepts ?? [];
  const giving = all.filter((kind) => kind.outputs.ports.some((port) => port.carries !== null && accepts.includes(port.carries)));
  const words = search.trim().toLowerCase();
  const data = (document.data ?? []).filter((each) => accepts.includes(typeOfPlaceholder(each)) && each.name.toLowerCase().includes(words));
  const more: Choice[] = accepts.includes("obs") ? [{ newData: true }] : [];
  return [...data.map((each) => ({ data: each })), ...more, ...matching(kinds, search, giving).map((kind) => ({ kind }))];
}
