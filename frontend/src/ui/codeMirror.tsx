/** CodeMirror in our colours. Only CodeEditor.tsx imports it, lazily. */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import styles from "./CodeEditor.module.css";

export interface CodeProps {
  readonly label: string;
  readonly value: string;
  readonly language: "python" | "json" | "text";
  readonly readOnly?: boolean;
  readonly onChange?: (value: string) => void;
  /** Mod+S. */
  readonly onSave?: () => void;
  readonly onBlur?: () => void;
  /** What stands in the empty editor. */
  readonly hint?: string;
  readonly invalid?: boolean;
  readonly describedBy?: string | undefined;
}

/** Each is fetched when the first text of it is shown; until then, and without it, the text is there in one colour. */
const LANGUAGES: Readonly<Record<CodeProps["language"], () => Promise<Extension>>> = {
  python: async () => (await import("@codemirror/lang-python")).python(),
  json: async () => (await import("@codemirror/lang-json")).json(),
  text: () => Promise.resolve([]),
};

/** Finding in the text, with its panel. */
async function searching(): Promise<Extension> {
  const { highlightSelectionMatches, searchKeymap } = await import("@codemirror/search");
  return [highlightSelectionMatches(), keymap.of(searchKeymap)];
}

/** Tab stays the browser's: it leaves the editor. Mod+] and Mod+[ indent. */
const BASICS: Extension = [
  lineNumbers(),
  highlightActiveLineGutter(),
  highlightActiveLine(),
  history(),
  drawSelection(),
  indentOnInput(),
  indentUnit.of("    "),
  bracketMatching(),
];

const look = EditorView.theme({
  "&": { height: "100%", fontSize: "12px", backgroundColor: "transparent", color: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  // Long lines pass behind the numbers, not through them.
  ".cm-gutters": { backgroundColor: "var(--code-ground, var(--raised))", color: "var(--ink-3)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent) 6%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 24%, transparent)",
  },
  ".cm-panels, .cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--ink)", borderColor: "var(--line)" },
});

const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--port-model)" },
    { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
    { tag: [tags.number, tags.bool, tags.null], color: "var(--warn)" },
    { tag: [tags.comment, tags.meta], color: "var(--ink-3)", fontStyle: "italic" },
    { tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName))], color: "var(--port-data)" },
    { tag: [tags.className, tags.definition(tags.propertyName), tags.propertyName], color: "var(--accent-text)" },
  ]),
);

export function CodeMirror({ label, value, language, readOnly = false, onChange, onSave, onBlur, hint = "", invalid = false, describedBy }: CodeProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const writable = useRef(new Compartment());
  const handlers = useRef({ onChange, onSave, onBlur });
  useEffect(() => {
    handlers.current = { onChange, onSave, onBlur };
  });
  useEffect(() => {
    const parent = host.current;
    if (parent === null) return;
    const save = () => {
      handlers.current.onSave?.();
      return true;
    };
    const later = new Compartment();
    const editor = new EditorView({
      parent,
      state: EditorState.create({
        doc: value,
        extensions: [
          BASICS,
          keymap.of([{ key: "Mod-s", run: save, preventDefault: true }, ...defaultKeymap, ...historyKeymap]),
          later.of([]),
          look,
          colours,
          writable.current.of(EditorState.readOnly.of(readOnly)),
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", ...(describedBy !== undefined && { "aria-describedby": describedBy }) }),
          placeholder(hint),
          EditorView.domEventHandlers({
            blur: () => {
              handlers.current.onBlur?.();
            },
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) handlers.current.onChange?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    void Promise.all([LANGUAGES[language](), searching()]).then((found) => {
      if (view.current === editor) editor.dispatch({ effects: later.reconfigure(found) });
    });
    return () => {
      view.current = null;
      editor.destroy();
    };
    // The editor holds the text itself; the next effect brings in what comes from outside.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [language, label]);
  useEffect(() => {
    const editor = view.current;
    if (editor !== null && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [value]);
  useEffect(() => {
    view.current?.dispatch({ effects: writable.current.reconfigure(EditorState.readOnly.of(readOnly)) });
  }, [readOnly]);
  useEffect(() => {
    const content = view.current?.contentDOM;
    if (invalid) content?.setAttribute("aria-invalid", "true");
    else content?.removeAttribute("aria-invalid");
  }, [invalid]);
  return <div ref={host} className={styles.host} />;
}
