/** Which features fill the editor's places. A feature adds itself here, lazily where it is heavy. */

import type { EditorSlots } from "./slots";

export const editorSlots: EditorSlots = {};
