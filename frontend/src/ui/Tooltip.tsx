import type { ReactElement } from "react";
import { Tooltip as AriaTooltip, TooltipTrigger } from "react-aria-components";
import { KeyHint } from "./KeyHint";
import styles from "./Tooltip.module.css";

interface Props {
  readonly text: string;
  readonly keys?: string | undefined;
  readonly children: ReactElement;
}

/** What something does, for whoever hovers or focuses it. The child must be focusable. */
export function Tooltip({ text, keys, children }: Props) {
  return (
    <TooltipTrigger delay={500} closeDelay={60}>
      {children}
      <AriaTooltip offset={6} className={styles.tooltip}>
        {text}
        {keys !== undefined && <KeyHint keys={keys} />}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
