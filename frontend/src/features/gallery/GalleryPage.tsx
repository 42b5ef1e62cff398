/** What a workflow can begin with: templates that come with the product, and workflows that people offer to others. */

import { FlaskConical, SearchX, Store } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { Named, RowsLoading } from "@/features/assets/AssetList";
import { Ago } from "@/features/assets/Made";
import { Page, PageHead } from "@/features/assets/page";
import { complain, problemOf } from "@/features/assets/wire";
import { useSamples, type Sample } from "@/features/home/queries";
import { useProject } from "@/features/people/current";
import { RoleNote } from "@/features/people/RoleNote";
import { useMay } from "@/features/people/roles";
import { t, useLanguage } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { SearchField } from "@/ui/Field";
import { navigate } from "@/ui/navigation";
import { Panel } from "@/ui/Panel";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/ui/States";
import { Table, type ColumnSpec } from "@/ui/Table";
import { toast } from "@/ui/Toast";
import styles from "./Gallery.module.css";
import { SharingBadge } from "./SharingBadge";
import { Sketch } from "./Sketch";
import { documentOf, useOffers, useTemplate, type Offer } from "./queries";

export function GalleryPage() {
  useLanguage();
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search.trim());
  const project = useProject().current?.project;
  return (
    <Page>
      <PageHead title={t("nav.gallery")} lead={t("gallery.lead")}>
        <RoleNote project={project} needed="author" />
      </PageHead>
      <div className={styles.tools}>
        <SearchField label={t("gallery.search")} value={search} onChange={setSearch} className={styles.search ?? ""} />
      </div>
      <Templates search={wanted} project={project} />
      <Offers search={wanted} onClear={() => { setSearch(""); }} />
    </Page>
  );
}

function Templates({ search, project }: { readonly search: string; readonly project: string | undefined }) {
  const samples = useSamples();
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (samples.data?.items ?? []).filter((each) => words.every((word) => `${each.name} ${each.description}`.toLowerCase().includes(word)));
  // Nobody looks for what comes with the product; where it has nothing, what people offer is the answer.
  if (samples.isSuccess && found.length === 0) return null;
  return (
    <section className={styles.part} aria-label={t("gallery.templates")}>
      <h2>{t("gallery.templates")}</h2>
      {samples.isPending && <CardsLoading />}
      {samples.isError && (
        <Panel>
          <ErrorState problem={problemOf(samples.error)} onRetry={() => void samples.refetch()} />
        </Panel>
      )}
      <ul className={styles.cards}>
        {found.map((sample) => (
          <Template key={sample.id} sample={sample} project={project} />
        ))}
      </ul>
    </section>
  );
}

function Template({ sample, project }: { readonly sample: Sample; readonly project: string | undefined }) {
  const draws = useMay(project, "author");
  const take = useTemplate();
  const use = () => {
    take.mutate(
      { sample, project },
      {
        onSuccess: (made) => {
          toast(t("home.created", { name: made.name }));
          navigate(`/workflows/${made.id}`);
        },
        onError: complain,
      },
    );
  };
  return (
    <li className={styles.card} data-testid="template">
      <div className={styles.sketch}>
        <Sketch document={documentOf(sample)} />
      </div>
      <div className={styles.cardText}>
        <h3>{sample.name}</h3>
        <p>{sample.description}</p>
      </div>
      <footer className={styles.cardFoot}>
        <span>
          <FlaskConical size={14} aria-hidden="true" /> {t("home.sample.steps", { count: sample.steps })}
        </span>
        {draws && (
          <Button small isPending={take.isPending} onPress={use} aria-label={t("gallery.use.named", { name: sample.name })}>
            {t("gallery.use")}
          </Button>
        )}
      </footer>
    </li>
  );
}

function Offers({ search, onClear }: { readonly search: string; readonly onClear: () => void }) {
  const list = useOffers(search);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: readonly ColumnSpec<Offer>[] = [
    { id: "title", title: t("gallery.column.title"), cell: (each) => <Named icon={<Store size={16} />} name={each.title} description={each.description} /> },
    { id: "sharing", title: t("gallery.column.sharing"), width: "150px", cell: (each) => <SharingBadge sharing={each.sharing} /> },
    { id: "version", title: t("gallery.column.version"), width: "140px", cell: (each) => <span className={styles.number}>{each.version}{each.versions > 1 && <small> {t("assets.ofVersions", { count: each.versions })}</small>}</span> },
    { id: "by", title: t("gallery.column.by"), width: "130px", cell: (each) => each.created_by ?? "–" },
    { id: "at", title: t("gallery.column.at"), width: "130px", cell: (each) => <Ago at={each.created_at} /> },
  ];
  return (
    <section className={styles.part} aria-label={t("gallery.offers")}>
      <h2>{t("gallery.offers")}</h2>
      <Panel className={styles.list ?? ""}>
        {list.isPending && <RowsLoading />}
        {list.isError && items.length === 0 && <ErrorState problem={problemOf(list.error)} onRetry={() => void list.refetch()} />}
        {list.isSuccess && items.length === 0 && search === "" && (
          <EmptyState icon={<Store size={22} />} title={t("gallery.empty")}>
            {t("gallery.empty.text")}
          </EmptyState>
        )}
        {list.isSuccess && items.length === 0 && search !== "" && (
          <EmptyState icon={<SearchX size={22} />} title={t("gallery.none", { search })} actions={<Button onPress={onClear}>{t("gallery.none.clear")}</Button>}>
            {t("gallery.none.text")}
          </EmptyState>
        )}
        {items.length > 0 && <Table label={t("gallery.offers")} columns={columns} items={items} keyOf={(each) => each.id} textOf={(each) => each.title} hrefOf={(each) => `/gallery/${each.id}`} />}
      </Panel>
      {list.hasNextPage && (
        <Button className={styles.more ?? ""} isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {t("home.more")}
        </Button>
      )}
    </section>
  );
}

function CardsLoading() {
  return (
    <Loading>
      <div className={styles.cards}>
        {["64%", "48%", "56%"].map((width) => (
          <div key={width} className={styles.card}>
            <div className={styles.sketch} />
            <div className={styles.cardText}>
              <Skeleton width={width} height={14} />
              <Skeleton width="92%" />
            </div>
          </div>
        ))}
      </div>
    </Loading>
  );
}
