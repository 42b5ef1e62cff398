/** English: the editor. */
export const editor = {
  "editor.title": "The canvas",
  "editor.text": "The editor opens here.",
} as const;
