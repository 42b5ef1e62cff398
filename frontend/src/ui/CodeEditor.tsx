/** A code editor, fetched when it is first shown. */
import { lazy, Suspense } from "react";
import type { CodeProps } from "./codeMirror";
import { Loading, Skeleton } from "./States";
import styles from "./CodeEditor.module.css";

const CodeMirror = lazy(async () => ({ default: (await import("./codeMirror")).CodeMirror }));

export function CodeEditor(props: CodeProps) {
  return (
    <div className={styles.frame}>
      <Suspense
        fallback={
          <Loading>
            <div className={styles.loading}>
              <Skeleton width="60%" />
              <Skeleton width="45%" />
            </div>
          </Loading>
        }
      >
        <CodeMirror {...props} />
      </Suspense>
    </div>
  );
}
