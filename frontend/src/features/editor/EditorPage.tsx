/** The canvas comes here. For now it shows that the workflow was found. */
import { useQuery } from "@tanstack/react-query";
import { ChevronRight, Workflow } from "lucide-react";
import { api, ApiError, told } from "@/api/client";
import { keys } from "@/api/keys";
import { t, useLanguage } from "@/i18n/i18n";
import { BarSlot } from "@/ui/bar";
import { Link } from "@/ui/navigation";
import { EmptyState, ErrorState } from "@/ui/States";
import styles from "./EditorPage.module.css";

export function EditorPage({ params }: { readonly params: Readonly<Record<string, string>> }) {
  useLanguage();
  const id = params.id ?? "";
  const workflow = useQuery({ queryKey: keys.workflow(id), queryFn: ({ signal }) => told(api.GET("/api/workflows/{id}/", { params: { path: { id } }, signal })) });
  return (
    <>
      <BarSlot place="left">
        <nav className={styles.crumbs}>
          <Link href="/">{t("nav.workflows")}</Link>
          <ChevronRight size={14} aria-hidden="true" />
          <span aria-current="page">{workflow.data?.name}</span>
        </nav>
      </BarSlot>
      {workflow.error instanceof ApiError ? (
        <ErrorState problem={workflow.error.problem} onRetry={() => void workflow.refetch()} />
      ) : (
        <EmptyState icon={<Workflow size={22} />} title={t("editor.title")}>
          {t("editor.text")}
        </EmptyState>
      )}
    </>
  );
}
