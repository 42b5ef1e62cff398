/** One project: who belongs to it, who is invited, and what happened to that. */
import { DoorOpen, Ellipsis, MailPlus, Pencil, UserMinus } from "lucide-react";
import { useEffect, useState } from "react";
import { Ago } from "@/features/assets/Made";
import { Card, Page, PageHead } from "@/features/assets/page";
import { t, useLanguage } from "@/i18n/i18n";
import { Badge } from "@/ui/Badge";
import { Button, IconButton } from "@/ui/Button";
import { Select } from "@/ui/Field";
import { Menu } from "@/ui/Menu";
import { ErrorState, Loading, Skeleton } from "@/ui/States";
import { Table, type ColumnSpec } from "@/ui/Table";
import { toast, toastProblem } from "@/ui/Toast";
import { keepProject } from "./current";
import { InviteDialog, LeaveDialog, nameOf, RemoveDialog, RenameProjectDialog, roleChoices } from "./dialogs";
import { History } from "./History";
import { Invitations } from "./Invitations";
import styles from "./People.module.css";
import { problemOf, useMembers, useProjectOf, useSetRole, type Member, type Project } from "./queries";
import { QuotaCard } from "./Quota";
import { RoleNote } from "./RoleNote";
import { useMe, type Role } from "./roles";

type Question = { readonly kind: "invite" | "rename" | "leave" } | { readonly kind: "remove"; readonly member: Member };

export function ProjectPage({ params }: { readonly params: Readonly<Record<string, string>> }) {
  useLanguage();
  const project = useProjectOf(params.id ?? "");
  const id = project.data?.id;
  // Whoever looks at a project works in it next.
  useEffect(() => {
    if (id !== undefined) keepProject(id);
  }, [id]);
  if (project.data === undefined) {
    return project.isError ? (
      <ErrorState page problem={problemOf(project.error)} onRetry={() => void project.refetch()} />
    ) : (
      <Page>
        <Loading>
          <div className={styles.stack}>
            <Skeleton width="260px" height={28} />
            <Skeleton height={220} />
          </div>
        </Loading>
      </Page>
    );
  }
  return <Opened project={project.data} />;
}

function Opened({ project }: { readonly project: Project }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const manages = project.role === "manager";
  const members = useMembers(project.id);
  const me = useMe().data;
  const mine = members.data?.items.find((each) => each.user === me?.id);
  const close = () => {
    setQuestion(null);
  };
  return (
    <Page>
      <PageHead title={project.name} lead={t("project.lead", { owner: project.owner ?? "none", count: project.members })}>
        <RoleNote project={project.id} needed="manager" />
        {manages && (
          <Button icon={<Pencil size={14} />} onPress={() => { setQuestion({ kind: "rename" }); }}>
            {t("action.rename")}
          </Button>
        )}
        {mine?.fixed === null && (
          <Button icon={<DoorOpen size={14} />} data-testid="leave" onPress={() => { setQuestion({ kind: "leave" }); }}>
            {t("project.leave")}
          </Button>
        )}
        {manages && (
          <Button look="primary" icon={<MailPlus size={15} />} data-testid="invite" onPress={() => { setQuestion({ kind: "invite" }); }}>
            {t("invite")}
          </Button>
        )}
      </PageHead>
      <Card flush title={t("project.people")}>
        {members.isPending && <RowsWait />}
        {members.isError && members.data === undefined && <ErrorState problem={problemOf(members.error)} onRetry={() => void members.refetch()} />}
        {members.data !== undefined && <Members project={project} me={me?.id} items={members.data.items} onRemove={(member) => { setQuestion({ kind: "remove", member }); }} />}
      </Card>
      <QuotaCard project={project} />
      {manages && <Invitations project={project.id} />}
      {manages && <History project={project.id} />}
      {question?.kind === "invite" && <InviteDialog project={project} onClose={close} />}
      {question?.kind === "rename" && <RenameProjectDialog project={project} onClose={close} />}
      {question?.kind === "leave" && <LeaveDialog project={project} onClose={close} />}
      {question?.kind === "remove" && <RemoveDialog project={project} member={question.member} onClose={close} />}
    </Page>
  );
}

function RowsWait() {
  return (
    <Loading>
      <div className={styles.stack} style={{ padding: 16 }}>
        <Skeleton height={30} />
        <Skeleton height={30} />
      </div>
    </Loading>
  );
}

interface MembersProps {
  readonly project: Project;
  readonly me: string | undefined;
  readonly items: readonly Member[];
  readonly onRemove: (member: Member) => void;
}

const whyNot = (code: string): string => t("project.cannot", { why: code === "project.owner_stays" ? "owner" : "last" });

function Members({ project, me, items, onRemove }: MembersProps) {
  const manages = project.role === "manager";
  const columns: readonly ColumnSpec<Member>[] = [
    {
      id: "who",
      title: t("project.member"),
      cell: (each) => (
        <div className={styles.person} data-member={each.username}>
          <span className={styles.face} aria-hidden="true">
            {nameOf(each).slice(0, 1).toUpperCase()}
          </span>
          <div className={styles.names}>
            <span className={styles.named}>
              {nameOf(each)}
              {each.user === me && <Badge>{t("project.you")}</Badge>}
            </span>
            {each.display_name !== "" && <span className={styles.soft}>{each.username}</span>}
          </div>
        </div>
      ),
    },
    { id: "role", title: t("project.role"), width: "340px", cell: (each) => (manages && each.fixed === null ? <RoleChoice project={project} member={each} /> : <FixedRole member={each} explain={manages} />) },
    { id: "since", title: t("project.since"), width: "140px", cell: (each) => <span className={styles.soft}><Ago at={each.joined_at} /></span> },
    ...(manages ? [{ id: "more", title: t("action.more"), titleHidden: true, width: "64px", align: "end" as const, cell: (each: Member) => <Actions member={each} onRemove={onRemove} /> }] : []),
  ];
  return <Table label={t("project.people")} columns={columns} items={items} keyOf={(each) => each.user} textOf={nameOf} />;
}

function FixedRole({ member, explain }: { readonly member: Member; readonly explain: boolean }) {
  return (
    <div className={styles.role} data-role={member.role}>
      {t(`role.${member.role}`)}
      <span className={styles.soft}>{explain && member.fixed !== null ? whyNot(member.fixed) : t(`role.${member.role}.may`)}</span>
    </div>
  );
}

function RoleChoice({ project, member }: { readonly project: Project; readonly member: Member }) {
  const set = useSetRole(project.id);
  const name = nameOf(member);
  const change = (value: string) => {
    const role = value as Role;
    if (role === member.role) return;
    set.mutate(
      { user: member.user, role },
      {
        onSuccess: () => {
          toast(t("project.role.changed", { name, role: t(`role.${role}`) }));
        },
        onError: (error) => {
          toastProblem(problemOf(error));
        },
      },
    );
  };
  return (
    <div className={styles.role} data-role={member.role}>
      <Select labelHidden small className={styles.choice ?? ""} label={t("project.role.of", { name })} value={set.isPending ? set.variables.role : member.role} onChange={change} choices={roleChoices()} isDisabled={set.isPending} />
    </div>
  );
}

function Actions({ member, onRemove }: { readonly member: Member; readonly onRemove: (member: Member) => void }) {
  const label = t("action.more.for", { name: nameOf(member) });
  const fixed = member.fixed;
  return (
    <Menu
      label={label}
      align="end"
      trigger={<IconButton small label={label} icon={<Ellipsis size={16} />} />}
      groups={[
        {
          id: "remove",
          // Why an entry cannot be chosen is the heading above it.
          ...(fixed !== null && { title: whyNot(fixed) }),
          actions: [{ id: "remove", label: t("project.remove"), icon: <UserMinus size={15} />, danger: true, disabled: fixed !== null, run: () => { onRemove(member); } }],
        },
      ]}
    />
  );
}
