import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from "react-aria-components";
import { formatNumber } from "@/i18n/i18n";
import { classes } from "./classes";
import styles from "./Tabs.module.css";

export interface TabItem {
  readonly id: string;
  readonly label: string;
  readonly count?: number;
  readonly content?: ReactNode;
}

interface Props {
  readonly label: string;
  readonly items: readonly TabItem[];
  readonly selected: string;
  readonly onSelect: (id: string) => void;
  /** A pill of choices, as in the top bar, instead of underlined tabs. */
  readonly pill?: boolean;
}

export function Tabs({ label, items, selected, onSelect, pill = false }: Props) {
  return (
    <AriaTabs
      selectedKey={selected}
      onSelectionChange={(key) => {
        onSelect(String(key));
      }}
      className={styles.tabs}
    >
      <TabList aria-label={label} className={classes(styles.list, pill && styles.pill)}>
        {items.map((item) => (
          <Tab key={item.id} id={item.id} className={styles.tab}>
            {item.label}
            {item.count !== undefined && <span className={styles.count}>{formatNumber(item.count)}</span>}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className={styles.panel}>
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
