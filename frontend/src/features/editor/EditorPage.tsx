/** The page on which a workflow is drawn. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { api, ApiError, told } from "@/api/client";
import { keys } from "@/api/keys";
import { ProjectContext } from "@/forms/project";
import { atLeast, useMe, useWorkflowOf } from "@/features/people/roles";
import { arrangedAtOnce } from "@/features/transfer/arrange";
import { useLanguage } from "@/i18n/i18n";
import type { Kinds, StepKind } from "@/model/ports";
import { ErrorState, Loading, Skeleton } from "@/ui/States";
import { editorSlots } from "./assembled";
import { EditorContext, type EditorContextValue } from "./context";
import styles from "./EditorPage.module.css";
import { EditorView } from "./EditorView";
import { asDraft, createSession, type Session } from "./session";
import type { ServerDraft } from "./state";

export function EditorPage({ params }: { readonly params: Readonly<Record<string, string>> }) {
  useLanguage();
  const id = params.id ?? "";
  // What is edited is asked for anew each time the page opens, and never replaced under the hands.
  const draft = useQuery({
    queryKey: keys.draft(id),
    queryFn: async ({ signal }) => asDraft((await told(api.GET("/api/workflows/{id}/draft/", { params: { path: { id } }, signal }))) as Parameters<typeof asDraft>[0]),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const kinds = useKinds();
  const workflow = useWorkflowOf(id);
  const me = useMe();
  const project = workflow.data?.project;
  // What is known already stays, also when it could not be asked for anew.
  const error = draft.error ?? kinds.error ?? (project === undefined ? workflow.error : null) ?? (me.data === undefined ? me.error : null);
  if (error instanceof ApiError) {
    return (
      <ErrorState
        problem={error.problem}
        onRetry={() => {
          void draft.refetch();
          void kinds.refetch();
          void workflow.refetch();
          void me.refetch();
        }}
      />
    );
  }
  // Whether one may draw decides how the page begins.
  if (draft.data === undefined || kinds.data === undefined || project === undefined || me.data === undefined) return <EditorLoading />;
  const role = me.data.projects.find((each) => each.project === project)?.role ?? "viewer";
  return <Opened key={`${id} ${role}`} id={id} draft={draft.data} kinds={kinds.data} project={project} mayDraw={atLeast(role, "author")} />;
}

/** The catalogue of steps: asked for once. */
export function useKinds() {
  const found = useQuery({ queryKey: keys.stepKinds, queryFn: ({ signal }) => told(api.GET("/api/step-kinds/", { signal })), staleTime: Number.POSITIVE_INFINITY });
  const data = useMemo((): Kinds | undefined => found.data && new Map(found.data.items.map((kind) => [kind.name, kind as unknown as StepKind])), [found.data]);
  return { data, error: found.error, refetch: found.refetch };
}

const Frame = editorSlots.Frame ?? (({ children }: { readonly workflowId: string; readonly children: ReactNode }) => children);

interface OpenedProps {
  readonly id: string;
  readonly draft: ServerDraft;
  readonly kinds: Kinds;
  readonly project: string;
  readonly mayDraw: boolean;
}

function Opened({ id, draft, kinds, project, mayDraw }: OpenedProps) {
  const [session] = useState(() => createSession(id, { ...draft, document: arrangedAtOnce(kinds, draft.document) }, { mayDraw }));
  useEffect(() => session.start(), [session]);
  useNameOnServer(id, session);
  const value = useMemo<EditorContextValue>(() => ({ ...session.editor, workflowId: id, kinds, flush: session.flush, adopt: session.adopt }), [id, kinds, session]);
  return (
    <ProjectContext value={project}>
      <EditorContext value={value}>
        <Frame workflowId={id}>
          <EditorView session={session} slots={editorSlots} />
        </Frame>
      </EditorContext>
    </ProjectContext>
  );
}

/** The name in lists follows the name in the document, also by undo. While the server is away, it waits for the draft. */
function useNameOnServer(id: string, session: Session): void {
  const client = useQueryClient();
  useEffect(() => {
    const { store } = session.editor;
    let known = store.getState().document.name;
    let sending = false;
    const send = async (name: string): Promise<void> => {
      sending = true;
      try {
        await told(api.PATCH("/api/workflows/{id}/", { params: { path: { id } }, body: { name } }));
        known = name;
        await client.invalidateQueries({ queryKey: keys.workflows });
      } catch (error) {
        if (error instanceof ApiError && error.status >= 400 && error.status < 500) session.refuseName(known, name, error.problem);
      } finally {
        sending = false;
      }
    };
    return store.subscribe((state, before) => {
      const { name } = state.document;
      const due = name !== before.document.name || (state.save.kind === "saved" && state.save !== before.save);
      if (due && name !== known && !sending) void send(name);
    });
  }, [client, id, session]);
}

/** The panels stand where they will be. */
function EditorLoading() {
  return (
    <Loading>
      <div className={styles.loading}>
        <div>
          {Array.from({ length: 9 }, (_, index) => (
            <Skeleton key={index} height={22} width={index % 4 === 0 ? "50%" : "85%"} />
          ))}
        </div>
        <div />
        <div>
          {Array.from({ length: 6 }, (_, index) => (
            <Skeleton key={index} height={22} width={index === 0 ? "60%" : "100%"} />
          ))}
        </div>
      </div>
    </Loading>
  );
}
