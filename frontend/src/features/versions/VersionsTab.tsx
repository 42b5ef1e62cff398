/** The versions of a workflow: what each changed, against any other and against the draft; release one, bring one back. */

import { GitCompareArrows, History, PencilLine, RotateCcw, Store, Tag, Upload } from "lucide-react";
import { useEffect, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { ApiError } from "@/api/client";
import { useEditor, useEditorState } from "@/features/editor/context";
import { asDraft } from "@/features/editor/session";
import { OfferDialog } from "@/features/gallery/OfferDialog";
import { RoleNote } from "@/features/people/RoleNote";
import { useMay, useProjectOfWorkflow } from "@/features/people/roles";
import { useExport } from "@/features/transfer/useExport";
import { formatAgo, formatDate, t, useLanguage } from "@/i18n/i18n";
import { shownTitle, stepById } from "@/model/document";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { useNow } from "@/ui/clock";
import { Dialog } from "@/ui/Dialog";
import { Select, Switch } from "@/ui/Field";
import { Menu } from "@/ui/Menu";
import { navigate, useSearchParams } from "@/ui/navigation";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/ui/States";
import { toast, toastProblem } from "@/ui/Toast";
import { Diff } from "./Diff";
import { useComparison, useRestore, useVersions, type Version } from "./queries";
import { ReleaseDialog } from "./ReleaseDialog";
import styles from "./Versions.module.css";

type Question = "release" | "restore" | "offer";

function go(changes: Readonly<Record<string, string | null>>): void {
  const next = new URLSearchParams(location.search);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) next.delete(key);
    else next.set(key, value);
  }
  navigate(`${location.pathname}?${next.toString()}`);
}

function numberIn(text: string | null): number | null {
  const number = Number(text);
  return text !== null && Number.isSafeInteger(number) && number > 0 ? number : null;
}

export function VersionsTab() {
  useLanguage();
  const { workflowId, flush } = useEditor();
  const name = useEditorState((state) => state.document.name);
  const search = useSearchParams();
  const [all, setAll] = useState(false);
  const [flushed, setFlushed] = useState(false);
  const [question, setQuestion] = useState<Question | null>(null);
  const project = useProjectOfWorkflow(workflowId);
  const draws = useMay(project, "author");
  const list = useVersions(workflowId, all);
  const versions = list.data?.pages.flatMap((page) => page.items) ?? [];
  useEffect(() => {
    let here = true;
    // What is compared is what the server has.
    void flush().finally(() => {
      if (here) setFlushed(true);
    });
    return () => {
      here = false;
    };
  }, [flush]);
  const chosen = numberIn(search.get("version"));
  const before = numberIn(search.get("before")) ?? versions.find((each) => chosen === null || each.number < chosen)?.number ?? null;
  const offered = versions.find((each) => each.number === chosen);
  const close = (): void => {
    setQuestion(null);
  };
  if (list.isPending) return <Waiting />;
  if (list.error instanceof ApiError && versions.length === 0) return <ErrorState problem={list.error.problem} onRetry={() => void list.refetch()} />;
  return (
    <div className={styles.page} data-testid="versions">
      <section className={styles.list} aria-label={t("versions.list")}>
        <div className={styles.listHead}>
          <h2>{t("versions.list")}</h2>
          {draws && (
            <Button small look="primary" icon={<Upload size={13} />} data-testid="release" onPress={() => { setQuestion("release"); }}>
              {t("versions.release.do")}
            </Button>
          )}
        </div>
        <RoleNote project={project} needed="author" />
        <ul>
          <DraftRow chosen={chosen === null} />
          {versions.map((each) => (
            <VersionRow key={each.number} version={each} chosen={each.number === chosen} />
          ))}
        </ul>
        {list.hasNextPage && (
          <Button small isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
            {t("home.more")}
          </Button>
        )}
        <Switch isSelected={all} onChange={setAll}>
          {t("versions.all")}
        </Switch>
      </section>
      <Compared versions={versions} chosen={chosen} before={before} ready={flushed} draws={draws} ask={setQuestion} />
      {question === "release" && (
        <ReleaseDialog
          onClose={close}
          onReleased={(version) => {
            close();
            go({ version: String(version.number), before: null });
          }}
        />
      )}
      {question === "offer" && offered !== undefined && <OfferDialog workflow={{ id: workflowId, name, project }} number={offered.number} notes={offered.notes} onClose={close} />}
      {question === "restore" && chosen !== null && <RestoreDialog number={chosen} onClose={close} />}
    </div>
  );
}

function DraftRow({ chosen }: { readonly chosen: boolean }) {
  const revision = useEditorState((state) => state.revision);
  return (
    <li>
      <AriaButton className={styles.row ?? ""} aria-current={chosen ? "true" : undefined} data-testid="version:draft" onPress={() => { go({ version: null, before: null }); }}>
        <span className={styles.rowSign}>
          <PencilLine size={15} />
        </span>
        <span className={styles.rowText}>
          <span className={styles.rowName}>{t("versions.draft")}</span>
          <span className={styles.rowNote}>{t("editor.status.revision", { revision })}</span>
        </span>
      </AriaButton>
    </li>
  );
}

function VersionRow({ version, chosen }: { readonly version: Version; readonly chosen: boolean }) {
  const now = useNow(60_000);
  const at = version.released_at ?? version.created_at;
  return (
    <li>
      <AriaButton className={styles.row ?? ""} aria-current={chosen ? "true" : undefined} data-testid={`version:${String(version.number)}`} onPress={() => { go({ version: String(version.number), before: null }); }}>
        <span className={styles.rowSign} data-released={version.released || undefined}>
          {version.released ? <Tag size={15} /> : <History size={15} />}
        </span>
        <span className={styles.rowText}>
          <span className={styles.rowName}>{nameOf(version)}</span>
          <span className={styles.rowNote}>
            {[version.created_by, formatAgo(at, now)].filter(Boolean).join(" · ")}
          </span>
          {version.notes !== "" && <span className={styles.rowNotes}>{version.notes}</span>}
        </span>
        <Badge tone={version.released ? "good" : "idle"}>v{version.number}</Badge>
      </AriaButton>
    </li>
  );
}

const nameOf = (version: Version): string => version.name || t("versions.unreleased", { number: version.number });

interface ComparedProps {
  readonly versions: readonly Version[];
  readonly chosen: number | null;
  readonly before: number | null;
  readonly ready: boolean;
  readonly draws: boolean;
  readonly ask: (question: Question) => void;
}

function Compared({ versions, chosen, before, ready, draws, ask }: ComparedProps) {
  const { workflowId, select, reveal } = useEditor();
  const document = useEditorState((state) => state.document);
  const revision = useEditorState((state) => state.revision);
  const exporting = useExport({ id: workflowId, name: document.name, version: chosen });
  const found = useComparison(workflowId, before, chosen, revision, ready);
  const version = versions.find((each) => each.number === chosen) ?? null;
  const others = versions.filter((each) => each.number !== chosen);
  const show = (id: string): (() => void) | null =>
    stepById(document, id) === undefined
      ? null
      : () => {
          go({ tab: null, version: null, before: null });
          select([id]);
          reveal({ stepId: id });
        };
  const titleOf = (id: string): string | null => {
    const step = stepById(document, id.split("/")[0] ?? id);
    return step === undefined ? null : shownTitle(step);
  };
  return (
    <section className={styles.compared} aria-label={t("versions.compare")}>
      <header className={styles.comparedHead}>
        <div className={styles.comparedTitle}>
          <h2>{chosen === null ? t("versions.draft") : version === null ? t("versions.number", { number: chosen }) : nameOf(version)}</h2>
          {version !== null && <time dateTime={version.released_at ?? version.created_at}>{formatDate(version.released_at ?? version.created_at)}</time>}
        </div>
        <Menu label={t("transfer.export")} align="end" trigger={<Button small data-testid="version-export">{t("transfer.export")}</Button>} groups={[{ id: "export", actions: exporting.actions }]} />
        {version !== null && draws && (
          <Button small icon={<Store size={13} />} data-testid="offer" onPress={() => { ask("offer"); }}>
            {t("gallery.offer.do")}
          </Button>
        )}
        {chosen !== null && draws && (
          <Button small icon={<RotateCcw size={13} />} data-testid="restore" onPress={() => { ask("restore"); }}>
            {t("versions.restore.do")}
          </Button>
        )}
      </header>
      {version !== null && version.notes !== "" && <p className={styles.notes}>{version.notes}</p>}
      {before === null ? (
        <EmptyState icon={<GitCompareArrows size={20} />} title={t(chosen === null ? "versions.empty" : "versions.first")}>
          {t(chosen === null ? "versions.empty.text" : "versions.first.text")}
        </EmptyState>
      ) : (
        <>
          <div className={styles.against}>
            <Select
              label={t("versions.against")}
              value={String(before)}
              onChange={(value) => { go({ before: value }); }}
              choices={others.map((each) => ({ id: String(each.number), label: `v${String(each.number)} · ${nameOf(each)}` }))}
            />
          </div>
          {found.isPending && <DiffWaiting />}
          {found.error instanceof ApiError && <ErrorState problem={found.error.problem} onRetry={() => void found.refetch()} />}
          {found.data !== undefined && <Diff key={`${String(before)} ${String(chosen)}`} found={found.data} stepOf={show} titleOf={titleOf} />}
        </>
      )}
      {exporting.dialog}
    </section>
  );
}

function RestoreDialog({ number, onClose }: { readonly number: number; readonly onClose: () => void }) {
  const { workflowId, store, flush, adopt } = useEditor();
  const restore = useRestore(workflowId);
  const send = (): void => {
    void flush().then((saved) => {
      if (!saved) return;
      restore.mutate(
        { version: number, revision: store.getState().revision },
        {
          onSuccess: (draft) => {
            adopt(asDraft(draft as unknown as Parameters<typeof asDraft>[0]), "restore");
            toast(t("versions.restore.done", { number }));
            go({ tab: null, version: null, before: null });
          },
          onError: (error) => {
            if (error instanceof ApiError) toastProblem(error.problem);
          },
        },
      );
    });
  };
  return (
    <Dialog isOpen title={t("versions.restore", { number })} onClose={onClose} submit={{ label: t("versions.restore.do"), run: send, busy: restore.isPending }}>
      <p className={styles.lead}>{t("versions.restore.text")}</p>
    </Dialog>
  );
}

function DiffWaiting() {
  return (
    <Loading>
      <div className={styles.waiting}>
        {["54%", "72%", "40%"].map((width) => (
          <Skeleton key={width} width={width} height={20} />
        ))}
      </div>
    </Loading>
  );
}

function Waiting() {
  return (
    <Loading>
      <div className={styles.page}>
        <div className={styles.waiting}>
          {["80%", "64%", "72%", "58%"].map((width) => (
            <Skeleton key={width} width={width} height={34} />
          ))}
        </div>
      </div>
    </Loading>
  );
}
