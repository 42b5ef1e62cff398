/** What can be made of several selected steps. */

import { Clapperboard, Group as GroupIcon } from "lucide-react";
import { useEditor, useEditorState } from "@/features/editor/context";
import { groupSelected, makeScene } from "@/features/editor/grouping";
import { t } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { KeyHint } from "@/ui/KeyHint";
import styles from "./Groups.module.css";

export function SeveralTools() {
  const editor = useEditor();
  const readOnly = useEditorState((state) => state.readOnly);
  if (readOnly) return null;
  return (
    <div className={styles.tools}>
      <Button small icon={<GroupIcon size={14} />} data-testid="group-selected" onPress={() => { groupSelected(editor); }}>
        {t("editor.act.group")}
      </Button>
      <KeyHint keys="Mod+G" />
      <Button small icon={<Clapperboard size={14} />} data-testid="scene-selected" onPress={() => { makeScene(editor); }}>
        {t("editor.act.scene")}
      </Button>
    </div>
  );
}
