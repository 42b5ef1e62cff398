import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaProps } from "react-aria-components";
import styles from "./Button.module.css";
import { classes } from "./classes";
import { Tooltip } from "./Tooltip";

/** primary: the one thing that this screen is for. strong: run and stop. danger: it destroys. */
export type Look = "primary" | "strong" | "plain" | "quiet" | "danger";

export interface ButtonProps extends Omit<AriaProps, "children" | "className" | "style"> {
  readonly look?: Look;
  readonly small?: boolean;
  readonly icon?: ReactNode;
  readonly children?: ReactNode;
  readonly className?: string;
  readonly "data-testid"?: string;
}

export function Button({ look = "plain", small = false, icon, children, className, ...props }: ButtonProps) {
  return (
    <AriaButton {...props} className={classes(styles.button, styles[look], small && styles.small, className)}>
      {icon}
      {children !== undefined && <span className={styles.text}>{children}</span>}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, "children" | "icon"> {
  /** Says what it does: read aloud, and shown on hover and focus. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly keys?: string;
}

export function IconButton({ label, icon, look = "quiet", small = false, keys, className, ...props }: IconButtonProps) {
  return (
    <Tooltip text={label} keys={keys}>
      <AriaButton {...props} aria-label={label} className={classes(styles.button, styles.square, styles[look], small && styles.small, className)}>
        {icon}
      </AriaButton>
    </Tooltip>
  );
}
