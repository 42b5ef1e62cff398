/** A JSON value that can be folded. Nothing inside of a closed part is rendered. */
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { formatNumber, t } from "@/i18n/i18n";
import { isList, isObject, type Json } from "@/model/json";
import { Button } from "@/ui/Button";
import styles from "./JsonTree.module.css";

const PAGE = 100;
const OPEN_DEPTH = 1;

export function JsonTree({ value, label }: { readonly value: Json; readonly label: string }) {
  return (
    <ul className={styles.tree} aria-label={label}>
      <Branch name={null} value={value} depth={0} />
    </ul>
  );
}

interface BranchProps {
  readonly name: string | null;
  readonly value: Json;
  readonly depth: number;
}

function Branch({ name, value, depth }: BranchProps) {
  const [open, setOpen] = useState(depth <= OPEN_DEPTH);
  const [shown, setShown] = useState(PAGE);
  const entries = entriesOf(value);
  const key = name !== null && <span className={styles.key}>{name}</span>;
  if (entries === null || entries.length === 0) {
    return (
      <li className={styles.leaf}>
        {key}
        <Leaf value={value} />
      </li>
    );
  }
  return (
    <li>
      <button
        type="button"
        className={styles.toggle}
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <ChevronRight size={13} className={styles.chevron} aria-hidden="true" />
        {key}
        <span className={styles.count}>{isList(value) ? `[${formatNumber(entries.length)}]` : `{${formatNumber(entries.length)}}`}</span>
      </button>
      {open && (
        <ul className={styles.inner}>
          {entries.slice(0, shown).map(([each, child]) => (
            <Branch key={each} name={each} value={child} depth={depth + 1} />
          ))}
          {entries.length > shown && (
            <li>
              <Button
                small
                look="quiet"
                onPress={() => {
                  setShown(shown + PAGE * 5);
                }}
              >
                {t("assets.json.more", { count: formatNumber(entries.length - shown) })}
              </Button>
            </li>
          )}
        </ul>
      )}
    </li>
  );
}

function entriesOf(value: Json): readonly (readonly [string, Json])[] | null {
  if (isList(value)) return value.map((each, index) => [String(index), each] as const);
  return isObject(value) ? Object.entries(value) : null;
}

function Leaf({ value }: { readonly value: Json }) {
  if (typeof value === "string") return <span className={styles.string}>{JSON.stringify(value)}</span>;
  if (typeof value === "number") return <span className={styles.number}>{String(value)}</span>;
  return <span className={styles.word}>{JSON.stringify(value)}</span>;
}
