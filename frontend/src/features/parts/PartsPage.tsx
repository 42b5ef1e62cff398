/** Every part in every state: looked at in both themes and both languages before a screen is built with it. */
import { Bell, Copy, Ellipsis, Play, Plus, Settings, Square, Trash2, Waypoints } from "lucide-react";
import { useState, type ReactNode } from "react";
import { t, useLanguage } from "@/i18n/i18n";
import { asProblem } from "@/model/problems";
import { RUN_STATES, STEP_STATES } from "@/model/runReducer";
import { Badge } from "@/ui/Badge";
import { Button, IconButton } from "@/ui/Button";
import { CodeEditor } from "@/ui/CodeEditor";
import { Dialog } from "@/ui/Dialog";
import { NumberField, SearchField, Select, Switch, TextField } from "@/ui/Field";
import { KeyHint } from "@/ui/KeyHint";
import { Menu } from "@/ui/Menu";
import { Panel, Section } from "@/ui/Panel";
import { Splitter } from "@/ui/Splitter";
import { StateChip } from "@/ui/StateChip";
import { EmptyState, ErrorState, ProblemNote, Skeleton } from "@/ui/States";
import { Table } from "@/ui/Table";
import { Tabs } from "@/ui/Tabs";
import { toast, toastProblem } from "@/ui/Toast";
import styles from "./PartsPage.module.css";

const PROBLEM = asProblem({ code: "value.missing", params: { name: "epochs" }, message: "“epochs” has no value, and no default to fall back on.", hint: "Give it a value." });

function Part({ title, children, wide = false }: { readonly title: string; readonly children: ReactNode; readonly wide?: boolean }) {
  return (
    <Panel className={wide ? styles.wide ?? "" : styles.part ?? ""}>
      <h2 className={styles.title}>{title}</h2>
      <div className={styles.row}>{children}</div>
    </Panel>
  );
}

export function PartsPage() {
  useLanguage();
  return (
    <div className={styles.page}>
      <header>
        <h1>{t("parts.title")}</h1>
        <p className={styles.lead}>{t("parts.text")}</p>
      </header>
      <div className={styles.grid}>
        <Buttons />
        <Fields />
        <States />
        <Overlays />
        <Lists />
        <Heavy />
        <Pages />
      </div>
    </div>
  );
}

function Buttons() {
  return (
    <Part title="Button, IconButton, Badge">
      <Button look="primary" icon={<Plus size={16} />}>
        Primary
      </Button>
      <Button look="strong" icon={<Square size={13} fill="currentColor" />}>
        Stop
      </Button>
      <Button icon={<Play size={14} />}>Plain</Button>
      <Button look="quiet">Quiet</Button>
      <Button look="danger" icon={<Trash2 size={15} />}>
        Danger
      </Button>
      <Button isDisabled>Disabled</Button>
      <Button small>Small</Button>
      <IconButton label="Copy" keys="Mod+C" icon={<Copy size={16} />} />
      <IconButton look="plain" label="Notifications" icon={<Bell size={16} />} />
      <KeyHint keys="Mod+Shift+Z" />
      {(["good", "bad", "warn", "busy", "idle", "reuse", "placeholder"] as const).map((tone) => (
        <Badge key={tone} tone={tone}>
          {tone}
        </Badge>
      ))}
    </Part>
  );
}

function Fields() {
  const [text, setText] = useState("churned");
  const [number, setNumber] = useState<number | null>(400);
  const [choice, setChoice] = useState("auto");
  const [on, setOn] = useState(true);
  const [search, setSearch] = useState("");
  return (
    <Part title="TextField, NumberField, Select, Switch, SearchField">
      <div className={styles.fields}>
        <TextField label="Target column" value={text} onChange={setText} help="The column to learn." />
        <TextField isRequired label="Learning rate" value="0" onChange={setText} error="0 is out of range. Give a number above 0." />
        <NumberField integer label="Rounds" value={number} onChange={setNumber} minValue={0} />
        <NumberField isDisabled label="Depth" value={null} onChange={setNumber} />
        <Select label="Device" value={choice} onChange={setChoice} choices={[{ id: "auto", label: "Automatic", note: "the smallest that fits" }, { id: "gpu", label: "One GPU" }]} />
        <SearchField label={t("action.search")} value={search} onChange={setSearch} hint={<KeyHint keys="/" />} />
        <TextField mono label="Command" rows={2} value="python train.py" onChange={setText} />
        <Switch isSelected={on} onChange={setOn}>
          Stop after 20 rounds without gain
        </Switch>
      </div>
    </Part>
  );
}

function States() {
  return (
    <Part title="StateChip">
      {STEP_STATES.map((state) => (
        <StateChip key={state} step={state} />
      ))}
      <span className={styles.break} />
      {RUN_STATES.map((state) => (
        <StateChip key={state} run={state} />
      ))}
      <StateChip bare step="completed" note="84 ms" />
      <StateChip bare step="running" note="00:42" />
    </Part>
  );
}

function Overlays() {
  const [open, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
  };
  return (
    <Part title="Dialog, Menu, Tooltip, Toast">
      <Button
        data-testid="open-dialog"
        onPress={() => {
          setOpen(true);
        }}
      >
        Dialog
      </Button>
      <Dialog isOpen={open} onClose={close} title={t("delete.title", { name: "Customer churn" })} submit={{ label: t("action.delete"), look: "danger", run: close }}>
        <p>{t("delete.text")}</p>
        <ProblemNote problem={PROBLEM} />
      </Dialog>
      <Menu
        label="Menu"
        trigger={<Button icon={<Ellipsis size={16} />}>Menu</Button>}
        groups={[
          { id: "a", title: "Step", actions: [{ id: "copy", label: t("action.copy"), icon: <Copy size={15} />, keys: "Mod+C" }, { id: "set", label: "Settings", icon: <Settings size={15} />, checked: true }] },
          { id: "b", actions: [{ id: "delete", label: t("action.delete"), icon: <Trash2 size={15} />, danger: true }] },
        ]}
      />
      <Button
        data-testid="toast"
        onPress={() => {
          toast(t("home.created", { name: "Customer churn" }), { label: t("action.open"), run: () => undefined });
          toastProblem(PROBLEM);
        }}
      >
        Toast
      </Button>
    </Part>
  );
}

function Lists() {
  const [tab, setTab] = useState("settings");
  const [view, setView] = useState("design");
  return (
    <Part title="Tabs, Section, Table, Splitter" wide>
      <div className={styles.frame}>
        <Splitter
          sized="end"
          initial={300}
          min={220}
          max={420}
          start={
            <div className={styles.pane}>
              <Tabs pill label="View" selected={view} onSelect={setView} items={[{ id: "design", label: "Design" }, { id: "runs", label: "Runs", count: 28 }, { id: "report", label: "Report" }]} />
              <Table
                label="Runs"
                items={[{ id: "29", state: "running" as const, time: "00:42" }, { id: "28", state: "completed" as const, time: "12:05" }, { id: "27", state: "abnormal" as const, time: "00:09" }]}
                keyOf={(item) => item.id}
                textOf={(item) => item.id}
                columns={[
                  { id: "run", title: "Run", cell: (item) => `Run ${item.id}` },
                  { id: "state", title: "State", cell: (item) => <StateChip run={item.state} /> },
                  { id: "time", title: "Duration", align: "end", cell: (item) => item.time },
                ]}
              />
            </div>
          }
          end={
            <Tabs
              label="Inspector"
              selected={tab}
              onSelect={setTab}
              items={["Settings", "Output", "Logs", "Code"].map((label) => ({
                id: label.toLowerCase(),
                label,
                content: (
                  <>
                    <Section title={label} aside={<Badge tone="busy">live</Badge>}>
                      <Skeleton />
                    </Section>
                    <Section title="Resources" open={false}>
                      <Skeleton />
                    </Section>
                  </>
                ),
              }))}
            />
          }
        />
      </div>
    </Part>
  );
}

/** What is fetched only when it is needed. */
function Heavy() {
  const [code, setCode] = useState('import pipeloom.metrics\n\nfor epoch in range(12):  # twelve\n    pipeloom.metrics.log("loss", 0.5)\n');
  return (
    <Part title="CodeEditor" wide>
      <div className={styles.code}>
        <CodeEditor label="train.py" language="python" value={code} onChange={setCode} />
      </div>
    </Part>
  );
}

function Pages() {
  return (
    <>
      <Part title="EmptyState">
        <EmptyState icon={<Waypoints size={22} />} title={t("home.empty.title")} actions={<Button look="primary">{t("home.new")}</Button>}>
          {t("home.empty.text")}
        </EmptyState>
      </Part>
      <Part title="ErrorState, Skeleton">
        <ErrorState problem={PROBLEM} onRetry={() => undefined} />
        <Skeleton width="60%" />
        <Skeleton width="40%" />
      </Part>
    </>
  );
}
