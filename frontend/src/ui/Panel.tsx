import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import { classes } from "./classes";
import styles from "./Panel.module.css";

interface PanelProps {
  readonly children: ReactNode;
  readonly className?: string;
}

/** A card on the ground. */
export function Panel({ children, className }: PanelProps) {
  return <section className={classes(styles.panel, className)}>{children}</section>;
}

interface SectionProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly open?: boolean;
  readonly children: ReactNode;
}

/** A part of an inspector that can be folded. */
export function Section({ title, aside, open = true, children }: SectionProps) {
  return (
    <Disclosure defaultExpanded={open} className={styles.section}>
      <div className={styles.head}>
        <Heading level={3} className={styles.heading}>
          <Button slot="trigger" className={styles.toggle}>
            <ChevronRight size={15} className={styles.chevron} />
            {title}
          </Button>
        </Heading>
        {aside}
      </div>
      <DisclosurePanel className={styles.content}>{children}</DisclosurePanel>
    </Disclosure>
  );
}
