/** A list of things of one kind: search, order, the rows, and what there is to say when there are none. */
import { keepPreviousData, useInfiniteQuery, type QueryKey } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import { useDeferredValue, useState, type ReactNode } from "react";
import { useProject } from "@/features/people/current";
import { formatNumber, t } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { SearchField, Select } from "@/ui/Field";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/ui/States";
import { Panel } from "@/ui/Panel";
import { Table, type ColumnSpec } from "@/ui/Table";
import styles from "./AssetList.module.css";
import { Page, PageHead } from "./page";
import { problemOf } from "./wire";

export type Order = "-created_at" | "created_at" | "name";

export interface Asked {
  readonly search: string;
  readonly order: Order;
  readonly cursor: string;
  readonly signal: AbortSignal;
  readonly project: string;
}

interface Item {
  readonly id: string;
  readonly name: string;
}

interface Props<Row extends Item> {
  readonly title: string;
  readonly lead: string;
  readonly searchLabel: string;
  readonly countOf: (count: number) => string;
  readonly icon: ReactNode;
  readonly empty: { readonly title: string; readonly text: string; readonly actions?: ReactNode };
  readonly queryKey: QueryKey;
  readonly load: (asked: Asked) => Promise<{ readonly items: readonly Row[]; readonly next: string | null }>;
  readonly columns: readonly ColumnSpec<Row>[];
  /** Without it a row has no page of its own. */
  readonly hrefOf?: (row: Row) => string;
  /** The page that the list belongs to. */
  readonly above?: { readonly href: string; readonly label: string };
  readonly actions?: ReactNode;
}

export function AssetList<Row extends Item>({ title, lead, searchLabel, countOf, icon, empty, queryKey, load, columns, hrefOf, above, actions }: Props<Row>) {
  const [search, setSearch] = useState("");
  const [order, setOrder] = useState<Order>("-created_at");
  const wanted = useDeferredValue(search.trim());
  const project = useProject().current?.project;
  const list = useInfiniteQuery({
    queryKey: [...queryKey, "list", wanted, order, project],
    enabled: project !== undefined,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => load({ search: wanted, order, cursor: pageParam, signal, project: project ?? "" }),
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const nothing = list.isSuccess && items.length === 0;
  return (
    <Page>
      <PageHead title={title} lead={lead} {...(above && { above })}>
        {actions}
      </PageHead>
      {(items.length > 0 || search !== "") && (
        <div className={styles.tools}>
          <SearchField label={searchLabel} value={search} onChange={setSearch} className={styles.search ?? ""} />
          <span className={styles.count} role="status">
            {list.isSuccess && (list.hasNextPage ? `${formatNumber(items.length)}+` : countOf(items.length))}
          </span>
          <Select
            labelHidden
            label={t("assets.order")}
            value={order}
            onChange={(value) => {
              setOrder(value as Order);
            }}
            choices={[
              { id: "-created_at", label: t("assets.order.newest") },
              { id: "created_at", label: t("assets.order.oldest") },
              { id: "name", label: t("assets.order.name") },
            ]}
            className={styles.order ?? ""}
          />
        </div>
      )}
      <Panel className={styles.list ?? ""}>
        {list.isPending && <RowsLoading />}
        {list.isError && items.length === 0 && <ErrorState problem={problemOf(list.error)} onRetry={() => void list.refetch()} />}
        {nothing && search === "" && (
          <EmptyState icon={icon} title={empty.title} actions={empty.actions}>
            {empty.text}
          </EmptyState>
        )}
        {nothing && search !== "" && (
          <EmptyState
            icon={<SearchX size={22} />}
            title={t("assets.none.title", { search })}
            actions={
              <Button
                onPress={() => {
                  setSearch("");
                }}
              >
                {t("assets.none.clear")}
              </Button>
            }
          >
            {t("assets.none.text")}
          </EmptyState>
        )}
        {items.length > 0 && <Table label={title} columns={columns} items={items} keyOf={(row) => row.id} textOf={(row) => row.name} {...(hrefOf && { hrefOf })} />}
      </Panel>
      {list.hasNextPage && (
        <Button className={styles.more ?? ""} isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {t("assets.more")}
        </Button>
      )}
    </Page>
  );
}

/** The first cell of a row: what it is, called what, and a line about it. */
export function Named({ icon, name, description, tone = "data" }: { readonly icon: ReactNode; readonly name: string; readonly description?: string; readonly tone?: "data" | "model" }) {
  return (
    <div className={styles.named}>
      <span className={styles.icon} data-tone={tone}>
        {icon}
      </span>
      <div className={styles.text}>
        <span className={styles.name}>{name}</span>
        {description !== undefined && description !== "" && <span className={styles.description}>{description}</span>}
      </div>
    </div>
  );
}

export function RowsLoading({ rows = [46, 34, 52] }: { readonly rows?: readonly number[] }) {
  return (
    <Loading>
      {rows.map((width) => (
        <div key={width} className={styles.placeholder}>
          <Skeleton width="30px" height={30} />
          <div className={styles.text}>
            <Skeleton width={`${String(width)}%`} />
            <Skeleton width={`${String(width + 22)}%`} height={10} />
          </div>
        </div>
      ))}
    </Loading>
  );
}
