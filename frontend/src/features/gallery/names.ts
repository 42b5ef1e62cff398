/** Names as people type them: one after another, with commas, semicolons or blanks between. */
export const namesIn = (text: string): string[] => [...new Set(text.split(/[\s,;，、；]+/).filter(Boolean))];
