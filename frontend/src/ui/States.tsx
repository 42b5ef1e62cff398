/** What a page shows when it has nothing, nothing yet, or something that went wrong. */
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { sayProblem, t, useLanguage } from "@/i18n/i18n";
import type { Problem } from "@/model/problems";
import { Button } from "./Button";
import { classes } from "./classes";
import styles from "./States.module.css";

interface EmptyProps {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly tone?: "plain" | "bad";
  /** It is the whole page, so its title is the page's. */
  readonly page?: boolean;
}

export function EmptyState({ icon, title, children, actions, tone = "plain", page = false }: EmptyProps) {
  const Title = page ? "h1" : "h2";
  return (
    <div className={styles.empty}>
      {icon !== undefined && <div className={classes(styles.icon, tone === "bad" && styles.bad)}>{icon}</div>}
      <Title className={styles.title}>{title}</Title>
      {children !== undefined && <div className={styles.text}>{children}</div>}
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

interface ErrorProps {
  readonly problem: Problem;
  readonly onRetry?: () => void;
  readonly page?: boolean;
}

export function ErrorState({ problem, onRetry, page = false }: ErrorProps) {
  useLanguage();
  const { message, hint } = sayProblem(problem);
  return (
    <div role="alert" data-code={problem.code}>
      <EmptyState page={page} tone="bad" icon={<CircleAlert size={22} />} title={message} actions={onRetry && <Button onPress={onRetry}>{t("action.retry")}</Button>}>
        {hint}
      </EmptyState>
    </div>
  );
}

/** One problem in a line or two: in dialogs, beside fields. */
export function ProblemNote({ problem }: { readonly problem: Problem }) {
  useLanguage();
  const { message, hint } = sayProblem(problem);
  return (
    <div role="alert" data-code={problem.code} className={classes(styles.note, problem.severity === "warning" && styles.warning)}>
      <CircleAlert size={15} aria-hidden="true" />
      <p>
        {message} <span className={styles.hint}>{hint}</span>
      </p>
    </div>
  );
}

interface SkeletonProps {
  readonly width?: string;
  readonly height?: number;
}

export function Skeleton({ width = "100%", height = 12 }: SkeletonProps) {
  return <span className={styles.skeleton} style={{ width, height }} />;
}

/** Tells screen readers once that something loads; sighted people see skeletons. */
export function Loading({ children }: { readonly children: ReactNode }) {
  useLanguage();
  return (
    <div role="status" aria-label={t("loading")} aria-busy="true">
      {children}
    </div>
  );
}
