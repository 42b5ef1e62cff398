/** The steps that there are. Drag one onto the canvas, click it, or find it by typing and press Enter. */

import { useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from "react";
import { createPortal } from "react-dom";
import { kindText, kindTitle } from "@/canvas/kindWords";
import { KindIcon } from "@/canvas/KindIcon";
import { PortSign } from "@/canvas/PortSign";
import { t, useLanguage } from "@/i18n/i18n";
import type { PortType, StepKind } from "@/model/ports";
import { KeyHint } from "@/ui/KeyHint";
import { SearchField } from "@/ui/Field";
import { Tooltip } from "@/ui/Tooltip";
import { Button as AriaButton } from "react-aria-components";
import { useEditor } from "./context";
import { grouped, matching } from "./kinds";
import styles from "./Palette.module.css";

interface Props {
  readonly onAdd: (kind: StepKind) => void;
  /** Let go over a place on the screen; false when that is not the canvas. */
  readonly onDrop: (kind: StepKind, screen: { readonly x: number; readonly y: number }) => boolean;
  readonly searchRef: RefObject<HTMLDivElement | null>;
}

const LEGEND: readonly PortType[] = ["obs", "dataset", "dataset_version", "model", "metrics"];

export function Palette({ onAdd, onDrop, searchRef }: Props) {
  useLanguage();
  const { kinds } = useEditor();
  const [search, setSearch] = useState("");
  const found = matching(kinds, search);
  const [first] = found;
  const enter = (event: KeyboardEvent) => {
    if (event.key === "Enter" && first !== undefined && (event.target as Element).tagName === "INPUT") {
      event.preventDefault();
      onAdd(first);
      setSearch("");
    }
  };
  return (
    <aside className={styles.palette} aria-label={t("editor.palette")}>
      <div ref={searchRef} className={styles.search} onKeyDown={enter}>
        <SearchField label={t("editor.palette.search")} value={search} onChange={setSearch} hint={<KeyHint keys="/" />} />
      </div>
      <div className={styles.groups}>
        {grouped(found).map(([group, members]) => (
          <section key={group}>
            <h2 className={styles.group}>{t(`editor.group.${group}`)}</h2>
            <ul>
              {members.map((kind) => (
                <li key={kind.name}>
                  <Item kind={kind} onAdd={onAdd} onDrop={onDrop} />
                </li>
              ))}
            </ul>
          </section>
        ))}
        {found.length === 0 && <p className={styles.none}>{t("editor.palette.none", { search })}</p>}
      </div>
      <ul className={styles.legend} aria-label={t("editor.legend")}>
        {LEGEND.map((type) => (
          <li key={type}>
            <PortSign type={type} size={10} />
            {t(`port.${type}`)}
          </li>
        ))}
      </ul>
    </aside>
  );
}

const FAR = 4;
type Ghost = { readonly x: number; readonly y: number };

function Item({ kind, onAdd, onDrop }: { readonly kind: StepKind } & Pick<Props, "onAdd" | "onDrop">) {
  const { kinds } = useEditor();
  const [ghost, setGhost] = useState<Ghost | null>(null);
  const dragged = useRef(false);
  const title = kindTitle(kinds, kind.name);
  // Listens at the document: the button under it keeps its own press, for clicks and keys.
  const down = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    const start = { x: event.clientX, y: event.clientY };
    const over = new AbortController();
    const listen = { signal: over.signal };
    dragged.current = false;
    const stop = () => {
      over.abort();
      setGhost(null);
    };
    document.addEventListener(
      "pointermove",
      (moved) => {
        if (!dragged.current && Math.hypot(moved.clientX - start.x, moved.clientY - start.y) < FAR) return;
        dragged.current = true;
        setGhost({ x: moved.clientX, y: moved.clientY });
      },
      listen,
    );
    document.addEventListener(
      "pointerup",
      (up) => {
        stop();
        if (dragged.current) onDrop(kind, { x: up.clientX, y: up.clientY });
      },
      listen,
    );
    document.addEventListener("pointercancel", stop, listen);
    document.addEventListener(
      "keydown",
      (key) => {
        if (key.key === "Escape") stop();
      },
      listen,
    );
  };
  return (
    <div className={styles.drag} onPointerDownCapture={down}>
      <Tooltip text={kindText(kinds, kind.name)}>
        <AriaButton
          className={styles.item ?? ""}
          data-testid="palette-item"
          data-kind={kind.name}
          onPress={() => {
            if (!dragged.current) onAdd(kind);
            dragged.current = false;
          }}
        >
          <KindIcon kind={kind.name} size={22} />
          <span className={styles.name}>{title}</span>
          <Ports kind={kind} />
        </AriaButton>
      </Tooltip>
      {ghost !== null &&
        createPortal(
          <div className={styles.ghost} style={{ left: ghost.x, top: ghost.y }} aria-hidden="true">
            <KindIcon kind={kind.name} size={26} />
            {title}
          </div>,
          document.body,
        )}
    </div>
  );
}

/** What it takes, and what it makes. */
function Ports({ kind }: { readonly kind: StepKind }) {
  const makes = kind.outputs.ports.map((port): PortType => port.carries ?? "metrics");
  return (
    <span className={styles.ports}>
      {kind.inputs.accepts.slice(0, 1).map((type) => (
        <PortSign key={type} type={kind.inputs.accepts.length > 1 ? "unknown" : type} size={10} />
      ))}
      {kind.inputs.accepts.length > 0 && makes.length > 0 && <span className={styles.arrow}>›</span>}
      {makes.map((type) => (
        <PortSign key={type} type={type} size={10} />
      ))}
    </span>
  );
}
