/** Tokens of one's own: by which scripts come in. */
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { Ago } from "@/features/assets/Made";
import { Page, PageHead } from "@/features/assets/page";
import { formatDate, t, useLanguage } from "@/i18n/i18n";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { useNow } from "@/ui/clock";
import { Dialog } from "@/ui/Dialog";
import { Select, TextField } from "@/ui/Field";
import { Panel } from "@/ui/Panel";
import { EmptyState, ErrorState, Loading, ProblemNote, Skeleton } from "@/ui/States";
import { Table, type ColumnSpec } from "@/ui/Table";
import { toast } from "@/ui/Toast";
import { dayChoices, roleChoices } from "./dialogs";
import styles from "./People.module.css";
import { problemOf, problemsOf, useMakeToken, useRevoke, useTokens, type Token } from "./queries";
import { useMe, type Role } from "./roles";
import { Secret } from "./Secret";

export function TokensPage() {
  useLanguage();
  const list = useTokens();
  const [making, setMaking] = useState(false);
  const [going, setGoing] = useState<Token | null>(null);
  const items = list.data?.items ?? [];
  const make = (
    <Button look="primary" icon={<Plus size={16} />} data-testid="new-token" onPress={() => { setMaking(true); }}>
      {t("tokens.new")}
    </Button>
  );
  return (
    <Page>
      <PageHead title={t("tokens.title")} lead={t("tokens.lead")}>
        {make}
      </PageHead>
      <Panel>
        {list.isPending && (
          <Loading>
            <div className={styles.stack} style={{ padding: 16 }}>
              <Skeleton height={30} />
              <Skeleton height={30} />
            </div>
          </Loading>
        )}
        {list.isError && list.data === undefined && <ErrorState problem={problemOf(list.error)} onRetry={() => void list.refetch()} />}
        {list.isSuccess && items.length === 0 && (
          <EmptyState icon={<KeyRound size={22} />} title={t("tokens.none")}>
            {t("tokens.none.text")}
          </EmptyState>
        )}
        {items.length > 0 && <List items={items} onRevoke={setGoing} />}
      </Panel>
      {making && <MakeDialog onClose={() => { setMaking(false); }} />}
      {going !== null && <RevokeDialog token={going} onClose={() => { setGoing(null); }} />}
    </Page>
  );
}

function List({ items, onRevoke }: { readonly items: readonly Token[]; readonly onRevoke: (token: Token) => void }) {
  const now = useNow(60_000);
  const columns: readonly ColumnSpec<Token>[] = [
    {
      id: "name",
      title: t("tokens.name"),
      cell: (each) => (
        <div className={styles.names} data-token={each.name}>
          <span className={styles.named}>{each.name}</span>
          <code className={styles.soft}>{each.hint}…</code>
        </div>
      ),
    },
    {
      id: "reach",
      title: t("tokens.reach"),
      width: "240px",
      cell: (each) => (
        <div className={styles.names}>
          <span>{each.project_name ?? t("tokens.project.all")}</span>
          <span className={styles.soft}>{each.role === "" ? t("tokens.role.all") : t(`role.${each.role}`)}</span>
        </div>
      ),
    },
    { id: "used", title: t("tokens.used"), width: "150px", cell: (each) => <span className={styles.soft}>{each.last_used_at === null ? t("tokens.used.never") : <Ago at={each.last_used_at} />}</span> },
    { id: "expires", title: t("tokens.expires"), width: "150px", cell: (each) => <Expires at={each.expires_at} now={now} /> },
    {
      id: "revoke",
      title: t("tokens.revoke"),
      titleHidden: true,
      width: "110px",
      align: "end",
      cell: (each) => (
        <Button small aria-label={t("tokens.revoke.of", { name: each.name })} onPress={() => { onRevoke(each); }}>
          {t("tokens.revoke")}
        </Button>
      ),
    },
  ];
  return <Table label={t("tokens.title")} columns={columns} items={items} keyOf={(each) => each.id} textOf={(each) => each.name} />;
}

function Expires({ at, now }: { readonly at: string | null; readonly now: number }) {
  if (at === null) return <span className={styles.soft}>{t("tokens.expires.never")}</span>;
  if (new Date(at).getTime() <= now) return <Badge tone="warn">{t("tokens.expired")}</Badge>;
  return <time dateTime={at} className={styles.soft}>{formatDate(at, { dateStyle: "medium" })}</time>;
}

const ALL = "all";

function MakeDialog({ onClose }: { readonly onClose: () => void }) {
  useLanguage();
  const [name, setName] = useState("");
  const [days, setDays] = useState("30");
  const [project, setProject] = useState(ALL);
  const [role, setRole] = useState<string>(ALL);
  const projects = useMe().data?.projects ?? [];
  const make = useMakeToken();
  if (make.data !== undefined) {
    return (
      <Dialog isOpen onClose={onClose} title={t("tokens.made.title")}>
        <p className={styles.text}>{t("tokens.made.text")}</p>
        <Secret label={t("tokens.token")} text={make.data.token} />
      </Dialog>
    );
  }
  const submit = () => {
    make.mutate({
      name: name.trim(),
      ...(days !== ALL && { days: Number(days) }),
      ...(project !== ALL && { project }),
      ...(role !== ALL && { role: role as Role }),
    });
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("tokens.new")} submit={{ label: t("tokens.make"), run: submit, busy: make.isPending, disabled: name.trim() === "" }}>
      <div className={styles.fields}>
        <TextField autoFocus isRequired className={styles.whole ?? ""} label={t("tokens.name")} value={name} onChange={setName} maxLength={100} />
        <Select className={styles.whole ?? ""} label={t("tokens.project")} value={project} onChange={setProject} choices={[{ id: ALL, label: t("tokens.project.all") }, ...projects.map((each) => ({ id: each.project, label: each.name }))]} />
        <Select label={t("tokens.role")} value={role} onChange={setRole} choices={[{ id: ALL, label: t("tokens.role.all") }, ...roleChoices()]} />
        <Select label={t("tokens.days")} value={days} onChange={setDays} choices={[...dayChoices(), { id: ALL, label: t("tokens.days.never") }]} />
      </div>
      {problemsOf(make.error).map((each) => (
        <ProblemNote key={each.code + each.path} problem={each} />
      ))}
    </Dialog>
  );
}

function RevokeDialog({ token, onClose }: { readonly token: Token; readonly onClose: () => void }) {
  useLanguage();
  const revoke = useRevoke();
  const submit = () => {
    revoke.mutate(token.id, {
      onSuccess: () => {
        toast(t("tokens.revoked", { name: token.name }));
        onClose();
      },
    });
  };
  return (
    <Dialog alert isOpen onClose={onClose} title={t("tokens.revoke.title", { name: token.name })} submit={{ label: t("tokens.revoke"), look: "danger", run: submit, busy: revoke.isPending }}>
      <p>{t("tokens.revoke.text")}</p>
      {problemsOf(revoke.error).map((each) => (
        <ProblemNote key={each.code + each.path} problem={each} />
      ))}
    </Dialog>
  );
}
