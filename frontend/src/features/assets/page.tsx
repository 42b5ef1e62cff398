/** The frame of a page: where one is, what it is called, what can be done with it. */
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { classes } from "@/ui/classes";
import { Link } from "@/ui/navigation";
import styles from "./page.module.css";

interface PageProps {
  readonly wide?: boolean;
  readonly children: ReactNode;
}

export function Page({ wide = false, children }: PageProps) {
  return <div className={classes(styles.page, wide && styles.wide)}>{children}</div>;
}

interface HeadProps {
  readonly title: string;
  readonly lead?: ReactNode;
  /** The list that this thing belongs to. */
  readonly above?: { readonly href: string; readonly label: string };
  readonly children?: ReactNode;
}

export function PageHead({ title, lead, above, children }: HeadProps) {
  return (
    <header className={styles.head}>
      <div className={styles.heading}>
        {above !== undefined && (
          <div className={styles.above}>
            <Link href={above.href}>{above.label}</Link>
            <ChevronRight size={13} aria-hidden="true" />
          </div>
        )}
        <h1 className={styles.title}>{title}</h1>
        {lead !== undefined && <div className={styles.lead}>{lead}</div>}
      </div>
      {children !== undefined && <div className={styles.actions}>{children}</div>}
    </header>
  );
}

interface CardProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly aside?: ReactNode;
  /** The content brings its own edges: tables. */
  readonly flush?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A titled part of a page. */
export function Card({ title, note, aside, flush = false, className, children }: CardProps) {
  return (
    <section className={classes(styles.card, className)} aria-label={title}>
      <header className={styles.cardHead}>
        <h2 className={styles.cardTitle}>{title}</h2>
        {note !== undefined && <span className={styles.note}>{note}</span>}
        {aside !== undefined && <div className={styles.aside}>{aside}</div>}
      </header>
      <div className={flush ? styles.flush : styles.cardBody}>{children}</div>
    </section>
  );
}

/** A number with what it counts. */
export function Figure({ value, label, note }: { readonly value: ReactNode; readonly label: string; readonly note?: ReactNode }) {
  return (
    <div className={styles.figure}>
      <dt className={styles.figureLabel}>{label}</dt>
      <dd className={styles.figureValue}>
        {value}
        {note !== undefined && <small className={styles.figureNote}>{note}</small>}
      </dd>
    </div>
  );
}

export function Figures({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.figures}>{children}</dl>;
}

export interface Fact {
  readonly id: string;
  readonly label: string;
  readonly value: ReactNode;
}

export function Facts({ items }: { readonly items: readonly Fact[] }) {
  return (
    <dl className={styles.facts}>
      {items.map((item) => (
        <div key={item.id} className={styles.fact}>
          <dt>{item.label}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
