/** One step: what it is, and its tabs. */

import { FileTerminal, ScrollText } from "lucide-react";
import { lazy, Suspense, useContext } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { KindIcon } from "@/canvas/KindIcon";
import { kindTitle } from "@/canvas/kindWords";
import { useEditor } from "@/features/editor/context";
import { t } from "@/i18n/i18n";
import { shownTitle, type Step } from "@/model/document";
import { EmptyState, Loading, Skeleton } from "@/ui/States";
import styles from "./Inspector.module.css";
import { showInspectorTab, useInspectorTab, type InspectorTab } from "./memory";
import { SettingsTab } from "./SettingsTab";
import { InspectorSlotsContext } from "./slots";

/** The editor for code is large, and not needed to draw. */
const CodeTab = lazy(async () => ({ default: (await import("@/features/code/CodeTab")).CodeTab }));

export function StepInspector({ step }: { readonly step: Step }) {
  const { kinds } = useEditor();
  const { Output, Logs } = useContext(InspectorSlotsContext);
  const wanted = useInspectorTab();
  const hasCode = kinds.get(step.kind)?.executes === "engine";
  const tabs: readonly InspectorTab[] = hasCode ? ["settings", "output", "logs", "code"] : ["settings", "output", "logs"];
  const shown = tabs.includes(wanted) ? wanted : "settings";
  return (
    <>
      <header className={styles.head}>
        <KindIcon kind={step.kind} size={30} />
        <div className={styles.names}>
          <h2 className={styles.title}>{shownTitle(step)}</h2>
          <p className={styles.second}>
            <code>{step.name}</code>
            <span>{kindTitle(kinds, step.kind)}</span>
          </p>
        </div>
      </header>
      <Tabs
        selectedKey={shown}
        onSelectionChange={(key) => {
          showInspectorTab(key as InspectorTab);
        }}
        className={styles.tabs ?? ""}
      >
        <TabList aria-label={t("inspector.tabs")} className={styles.tabList ?? ""}>
          {tabs.map((tab) => (
            <Tab key={tab} id={tab} className={styles.tab ?? ""}>
              {t(`inspector.tab.${tab}`)}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="settings" className={styles.scroll ?? ""}>
          <SettingsTab step={step} />
        </TabPanel>
        <TabPanel id="output" className={styles.scroll ?? ""}>
          {Output === undefined ? (
            <EmptyState icon={<FileTerminal size={20} />} title={t("inspector.noOutput")}>
              {t("inspector.noOutput.text")}
            </EmptyState>
          ) : (
            <Output step={step.name} />
          )}
        </TabPanel>
        <TabPanel id="logs" className={styles.scroll ?? ""}>
          {Logs === undefined ? (
            <EmptyState icon={<ScrollText size={20} />} title={t("inspector.noLogs")}>
              {t("inspector.noLogs.text")}
            </EmptyState>
          ) : (
            <Logs step={step.name} />
          )}
        </TabPanel>
        {hasCode && (
          <TabPanel id="code" className={styles.fill ?? ""}>
            <Suspense fallback={<Waiting />}>
              <CodeTab step={step} />
            </Suspense>
          </TabPanel>
        )}
      </Tabs>
    </>
  );
}

export function Waiting() {
  return (
    <Loading>
      <div className={styles.waiting}>
        {["42%", "66%", "58%", "30%", "71%"].map((width) => (
          <Skeleton key={width} width={width} />
        ))}
      </div>
    </Loading>
  );
}
