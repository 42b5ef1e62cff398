/** The invitations to a project: open ones first in line, those that are over for memory. */
import { Link2Off } from "lucide-react";
import { Card } from "@/features/assets/page";
import { formatDate, t } from "@/i18n/i18n";
import { Badge, type Tone } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { ErrorState, Loading, Skeleton } from "@/ui/States";
import { Table, type ColumnSpec } from "@/ui/Table";
import { toast, toastProblem } from "@/ui/Toast";
import styles from "./People.module.css";
import { problemOf, useInvitations, useWithdraw, type Invitation } from "./queries";

const STATES = ["open", "used", "expired", "revoked"] as const;
type State = (typeof STATES)[number];
const TONES: Readonly<Record<State, Tone>> = { open: "good", used: "idle", expired: "idle", revoked: "idle" };
const stateOf = (each: Invitation): State => STATES.find((state) => state === each.state) ?? "expired";

export function Invitations({ project }: { readonly project: string }) {
  const list = useInvitations(project, true);
  const items = list.data?.items ?? [];
  return (
    <Card flush title={t("invite.list")}>
      {list.isPending && (
        <Loading>
          <div style={{ padding: 16 }}>
            <Skeleton height={30} />
          </div>
        </Loading>
      )}
      {list.isError && list.data === undefined && <ErrorState problem={problemOf(list.error)} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <p className={styles.quiet}>
          <strong>{t("invite.none")}</strong> {t("invite.none.text")}
        </p>
      )}
      {items.length > 0 && <List project={project} items={items} />}
    </Card>
  );
}

function List({ project, items }: { readonly project: string; readonly items: readonly Invitation[] }) {
  const columns: readonly ColumnSpec<Invitation>[] = [
    {
      id: "for",
      title: t("invite.for"),
      cell: (each) => (
        <div className={styles.names} data-invitation={stateOf(each)}>
          <span className={styles.named}>{each.note === "" ? t("invite.unnamed") : each.note}</span>
          {typeof each.created_by === "string" && <span className={styles.soft}>{t("invite.by", { name: each.created_by })}</span>}
        </div>
      ),
    },
    { id: "role", title: t("invite.role"), width: "120px", cell: (each) => t(`role.${each.role}`) },
    {
      id: "state",
      title: t("invite.days"),
      width: "250px",
      cell: (each) => (
        <div className={styles.named}>
          <Badge tone={TONES[stateOf(each)]}>{t(`invite.state.${stateOf(each)}`)}</Badge>
          {/* Until when one would have worked that is used up or withdrawn is of no use any more. */}
          {(each.state === "open" || each.state === "expired") && <span className={styles.soft}>{t("invite.until", { date: formatDate(each.expires_at, { dateStyle: "medium" }) })}</span>}
        </div>
      ),
    },
    { id: "uses", title: t("invite.uses"), width: "140px", cell: (each) => <span className={styles.soft}>{t("invite.used", { uses: each.uses, max: each.max_uses })}</span> },
    { id: "withdraw", title: t("invite.withdraw"), titleHidden: true, width: "130px", align: "end", cell: (each) => (each.state === "open" ? <Withdraw project={project} invitation={each} /> : null) },
  ];
  return <Table label={t("invite.list")} columns={columns} items={items} keyOf={(each) => each.id} textOf={(each) => each.note || t("invite.unnamed")} />;
}

function Withdraw({ project, invitation }: { readonly project: string; readonly invitation: Invitation }) {
  const withdraw = useWithdraw(project);
  const press = () => {
    withdraw.mutate(invitation.id, {
      onSuccess: () => {
        toast(t("invite.withdrawn"));
      },
      onError: (error) => {
        toastProblem(problemOf(error));
      },
    });
  };
  return (
    <Button small icon={<Link2Off size={13} />} isPending={withdraw.isPending} aria-label={t("invite.withdraw.of", { name: invitation.note || t("invite.unnamed") })} onPress={press}>
      {t("invite.withdraw")}
    </Button>
  );
}
