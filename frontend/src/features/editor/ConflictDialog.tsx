/** Somebody else saved in between: both sides, and who decides is the person in front of it. Nothing is lost either way:
 * taking the other side can be undone, and a copy can be kept. */

import { useState } from "react";
import { api, ApiError, told } from "@/api/client";
import { formatAgo, t, useLanguage } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { useNow } from "@/ui/clock";
import { Dialog } from "@/ui/Dialog";
import { toast, toastProblem } from "@/ui/Toast";
import { navigate } from "@/ui/navigation";
import styles from "./dialogs.module.css";
import { useDocument, useEditorState } from "./context";
import { differences, type Difference, type Side } from "./differences";
import type { ServerDraft } from "./state";

interface Props {
  readonly onKeepMine: () => void;
  readonly onTakeTheirs: () => void;
}

export function ConflictDialog(props: Props) {
  const save = useEditorState((state) => state.save);
  return save.kind === "conflict" ? <Open {...props} theirs={save.theirs} /> : null;
}

const MOST = 8;

function Open({ theirs, onKeepMine, onTakeTheirs }: Props & { readonly theirs: ServerDraft }) {
  useLanguage();
  const now = useNow(60_000);
  const mine = useDocument();
  const [later, setLater] = useState(false);
  const [busy, setBusy] = useState(false);
  const found = differences(mine, theirs.document);
  const copy = async () => {
    setBusy(true);
    try {
      const made = await told(api.POST("/api/workflows/", { body: { name: copyName(mine.name), description: mine.description ?? "", document: mine as never } }));
      onTakeTheirs();
      toast(t("editor.conflict.copied", { name: made.name }), {
        label: t("action.open"),
        run: () => {
          navigate(`/workflows/${made.id}`);
        },
      });
    } catch (error) {
      if (error instanceof ApiError) toastProblem(error.problem);
      setBusy(false);
    }
  };
  const who = theirs.updatedBy ?? t("editor.conflict.somebody");
  return (
    <Dialog
      alert
      wide
      isOpen={!later}
      title={t("editor.conflict.title")}
      onClose={() => {
        setLater(true);
      }}
    >
      <p className={styles.lead}>{theirs.updatedAt === undefined ? t("editor.conflict.text") : t("editor.conflict.who", { who, ago: formatAgo(theirs.updatedAt, now) })}</p>
      <div className={styles.sides} data-testid="conflict">
        <SideList title={t("editor.conflict.mine")} side="mine" found={found} />
        <SideList title={t("editor.conflict.theirs")} side="theirs" found={found} />
      </div>
      <div className={styles.choices}>
        <Button isDisabled={busy} onPress={() => void copy()} data-testid="conflict-copy">
          {t("editor.conflict.copy")}
        </Button>
        <span className={styles.grow} />
        <Button isDisabled={busy} onPress={onTakeTheirs} data-testid="conflict-theirs">
          {t("editor.conflict.take")}
        </Button>
        <Button look="primary" isDisabled={busy} onPress={onKeepMine} data-testid="conflict-mine">
          {t("editor.conflict.keep")}
        </Button>
      </div>
    </Dialog>
  );
}

function SideList({ title, side, found }: { readonly title: string; readonly side: Side; readonly found: readonly Difference[] }) {
  const shown = found.filter((each) => each.side === side || each.side === "both");
  return (
    <section className={styles.side}>
      <h3>{title}</h3>
      <ul>
        {shown.slice(0, MOST).map((each, index) => (
          <li key={`${each.list}${each.name}${String(index)}`} data-side={each.side}>
            <span className={styles.sign}>{each.side === "both" ? t("editor.conflict.differs") : t("editor.conflict.only")}</span>
            {t(`editor.list.${each.list}`)} {each.list === "document" ? "" : each.name}
          </li>
        ))}
        {shown.length > MOST && <li>{t("editor.conflict.more", { count: shown.length - MOST })}</li>}
        {shown.length === 0 && <li>{t("editor.conflict.same")}</li>}
      </ul>
    </section>
  );
}

/** Short enough to stay a name, and different each time. */
const copyName = (name: string): string => `${name.slice(0, 48)} ${new Date().toISOString().slice(11, 19).replaceAll(":", "")}`;
