/** A part of a form that folds away. It remembers whether it was open, and opens for whoever looks for a field in it. */

import { ChevronRight } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import styles from "./Fold.module.css";

interface Props {
  readonly title: string;
  /** Under which name it is remembered. */
  readonly id: string;
  readonly open?: boolean;
  readonly aside?: ReactNode;
  /** Shown while it is folded: what is in it. */
  readonly summary?: string;
  readonly small?: boolean;
  readonly children: ReactNode;
}

/** Sent up from a field that should be seen. */
export const REVEAL = "pipeloom:reveal";

export function useOnReveal(root: RefObject<HTMLElement | null>, show: () => void): void {
  const latest = useRef(show);
  useLayoutEffect(() => {
    latest.current = show;
  });
  useEffect(() => {
    const element = root.current;
    const listen = (): void => {
      latest.current();
    };
    element?.addEventListener(REVEAL, listen);
    return () => element?.removeEventListener(REVEAL, listen);
  }, [root]);
}

export function Fold({ title, id, open = true, aside, summary, small = false, children }: Props) {
  const key = `pipeloom.fold.${id}`;
  const [expanded, setExpanded] = useState(() => {
    const stored = localStorage.getItem(key);
    return stored === null ? open : stored === "open";
  });
  const root = useRef<HTMLDivElement>(null);
  useOnReveal(root, () => {
    setExpanded(true);
  });
  return (
    <div ref={root} className={styles.fold} data-small={small || undefined} data-fold={id}>
      <Disclosure
        isExpanded={expanded}
        onExpandedChange={(next) => {
          setExpanded(next);
          localStorage.setItem(key, next ? "open" : "folded");
        }}
      >
        <div className={styles.head}>
          <Heading level={3} className={styles.heading}>
            <Button slot="trigger" className={styles.toggle ?? ""}>
              <ChevronRight size={15} className={styles.chevron} aria-hidden="true" />
              <span className={styles.title}>{title}</span>
              {!expanded && summary !== undefined && <span className={styles.summary}>{summary}</span>}
            </Button>
          </Heading>
          {aside}
        </div>
        <DisclosurePanel className={styles.panel ?? ""}>
          <div className={styles.content}>{children}</div>
        </DisclosurePanel>
      </Disclosure>
    </div>
  );
}
