/** Two parts with a bar between them that can be dragged, or moved by the arrow keys. Remembers its place. */
import { useId, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { t } from "@/i18n/i18n";
import { classes } from "./classes";
import styles from "./Splitter.module.css";

interface Props {
  /** Which of the two has a size of its own; the other one gets what is left. */
  readonly sized: "start" | "end";
  readonly initial: number;
  readonly min: number;
  readonly max: number;
  readonly vertical?: boolean;
  /** Under which name the size is remembered. */
  readonly remember?: string;
  readonly start: ReactNode;
  readonly end: ReactNode;
}

const KEY_STEP = 16;

export function Splitter({ sized, initial, min, max, vertical = false, remember, start, end }: Props) {
  const [size, setSize] = useState(() => stored(remember) ?? initial);
  const from = useRef<{ readonly at: number; readonly size: number } | null>(null);
  const id = useId();
  const clamp = (value: number) => Math.round(Math.max(min, Math.min(max, value)));
  const change = (value: number) => {
    setSize(clamp(value));
    if (remember !== undefined) localStorage.setItem(`pipeloom.split.${remember}`, String(clamp(value)));
  };
  const sign = sized === "start" ? 1 : -1;
  const place = (event: PointerEvent) => (vertical ? event.clientY : event.clientX);
  const down = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = { at: place(event), size };
  };
  const move = (event: PointerEvent) => {
    if (from.current !== null) change(from.current.size + sign * (place(event) - from.current.at));
  };
  const key = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -KEY_STEP, ArrowUp: -KEY_STEP, ArrowRight: KEY_STEP, ArrowDown: KEY_STEP }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    change(size + sign * step);
  };
  const style = { [vertical ? "height" : "width"]: clamp(size) };
  return (
    <div className={classes(styles.split, vertical && styles.vertical)}>
      <div id={id} className={sized === "start" ? styles.sized : styles.rest} style={sized === "start" ? style : undefined}>
        {start}
      </div>
      <div
        role="separator"
        tabIndex={0}
        aria-label={t("split.resize")}
        aria-controls={id}
        aria-orientation={vertical ? "horizontal" : "vertical"}
        aria-valuenow={clamp(size)}
        aria-valuemin={min}
        aria-valuemax={max}
        className={styles.bar}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={() => {
          from.current = null;
        }}
        onKeyDown={key}
        onDoubleClick={() => {
          change(initial);
        }}
      />
      <div className={sized === "end" ? styles.sized : styles.rest} style={sized === "end" ? style : undefined}>
        {end}
      </div>
    </div>
  );
}

function stored(name: string | undefined): number | null {
  const value = name === undefined ? null : localStorage.getItem(`pipeloom.split.${name}`);
  return value === null || !Number.isFinite(Number(value)) ? null : Number(value);
}
