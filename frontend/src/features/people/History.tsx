/** Who let whom in, when, and as what. */
import { Ago } from "@/features/assets/Made";
import { Card } from "@/features/assets/page";
import { t, type MessageKey } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/ui/States";
import styles from "./People.module.css";
import { problemOf, useHistory, type Note } from "./queries";
import { ROLES } from "./roles";

const KNOWN: ReadonlySet<string> = new Set(["created", "renamed", "invited", "invitation_revoked", "joined", "role_changed", "removed", "left"]);

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function roleWord(value: unknown): string {
  const role = ROLES.find((each) => each === value);
  return role === undefined ? text(value) : t(`role.${role}`);
}

function said({ kind, by, whom, details }: Note): string {
  if (!KNOWN.has(kind)) return t("history.other", { kind });
  const noted = text(details.note) === "" ? "" : t("history.noted", { note: text(details.note) });
  const roles = kind === "role_changed";
  return t(`history.${kind}` as MessageKey, {
    by: kind === "joined" ? (by === "" ? "" : t("history.invitedBy", { by })) : by,
    whom,
    name: text(details.name),
    note: noted,
    role: roleWord(details.role),
    uses: typeof details.uses === "number" ? details.uses : 1,
    before: roles ? roleWord(details.before) : text(details.before),
    after: roles ? roleWord(details.after) : text(details.after),
  });
}

export function History({ project }: { readonly project: string }) {
  const list = useHistory(project, true);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card flush title={t("history")}>
      {list.isPending && (
        <Loading>
          <div style={{ padding: 16 }}>
            <Skeleton height={20} />
          </div>
        </Loading>
      )}
      {list.isError && items.length === 0 && <ErrorState problem={problemOf(list.error)} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && <EmptyState title={t("history.none")} />}
      <ol className={styles.notes} aria-label={t("history")}>
        {items.map((each) => (
          <li key={each.id} className={styles.note} data-note={each.kind}>
            <span>{said(each)}</span>
            <Ago at={each.at} />
          </li>
        ))}
      </ol>
      {list.hasNextPage && (
        <div className={styles.more}>
          <Button small isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
            {t("history.more")}
          </Button>
        </div>
      )}
    </Card>
  );
}
