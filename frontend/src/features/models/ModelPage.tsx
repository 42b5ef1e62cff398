/** One model: its versions, and of the chosen one what it scored, what it was made with, its files and its past. */
import { Box, History } from "lucide-react";
import { Ago } from "@/features/assets/Made";
import { Card, Page, PageHead } from "@/features/assets/page";
import { problemOf } from "@/features/assets/wire";
import { t, useLanguage } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { navigate, useSearchParams, type RouteParams } from "@/ui/navigation";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/ui/States";
import styles from "./ModelPage.module.css";
import { useModel, useModelVersion, useModelVersions, type Model, type ModelVersion } from "./queries";
import { VersionView } from "./VersionView";

export function ModelPage({ params }: { readonly params: RouteParams }) {
  useLanguage();
  const id = params.id ?? "";
  const model = useModel(id);
  const versions = useModelVersions(id);
  const failed = [model, versions].find((each) => each.isError && each.data === undefined);
  if (failed !== undefined) return <ErrorState page problem={problemOf(failed.error)} onRetry={() => void Promise.all([model.refetch(), versions.refetch()])} />;
  if (model.data === undefined || versions.data === undefined) {
    return (
      <Page wide>
        <PageLoading />
      </Page>
    );
  }
  return (
    <Page wide>
      <Content
        model={model.data}
        versions={versions.data.pages.flatMap((page) => page.items)}
        more={
          versions.hasNextPage
            ? () => {
                void versions.fetchNextPage();
              }
            : null
        }
      />
    </Page>
  );
}

interface Props {
  readonly model: Model;
  readonly versions: readonly ModelVersion[];
  readonly more: (() => void) | null;
}

function Content({ model, versions, more }: Props) {
  // An address may name a version that lies on a later page of the list.
  const wanted = useSearchParams().get("version") ?? versions[0]?.version ?? null;
  return (
    <>
      <PageHead title={model.name} above={{ href: "/models", label: t("models.title") }} lead={model.description === "" ? <Ago at={model.created_at} /> : model.description} />
      {wanted === null ? (
        <EmptyState icon={<Box size={22} />} title={t("models.noVersions.title")}>
          {t("models.noVersions.text")}
        </EmptyState>
      ) : (
        <div className={styles.columns}>
          <Card flush title={t("models.versions")} className={styles.versions ?? ""}>
            <ul>
              {versions.map((version) => (
                <li key={version.id}>
                  <button
                    type="button"
                    className={styles.version}
                    aria-pressed={version.version === wanted}
                    data-testid="version"
                    onClick={() => {
                      navigate(`/models/${model.id}?version=${encodeURIComponent(version.version)}`, { replace: true });
                    }}
                  >
                    <span className={styles.versionName}>{version.version}</span>
                    <span className={styles.versionNote}>
                      <History size={12} aria-hidden="true" />
                      <Ago at={version.created_at} />
                    </span>
                  </button>
                </li>
              ))}
            </ul>
            {more !== null && <Button onPress={more}>{t("assets.more")}</Button>}
          </Card>
          <Chosen model={model} version={wanted} />
        </div>
      )}
    </>
  );
}

function Chosen({ model, version }: { readonly model: Model; readonly version: string }) {
  const detail = useModelVersion(model.id, version);
  if (detail.isError && detail.data === undefined) return <ErrorState problem={problemOf(detail.error)} onRetry={() => void detail.refetch()} />;
  if (detail.data === undefined) {
    return (
      <Loading>
        <div className={styles.loading}>
          <Skeleton height={84} />
          <Skeleton height={180} />
          <Skeleton height={220} />
        </div>
      </Loading>
    );
  }
  return <VersionView key={detail.data.id} model={model} version={detail.data} />;
}

function PageLoading() {
  return (
    <Loading>
      <div className={styles.loading}>
        <Skeleton width="90px" height={14} />
        <Skeleton width="260px" height={26} />
        <Skeleton height={84} />
        <Skeleton height={240} />
      </div>
    </Loading>
  );
}
