/** Names of kinds of step in the reader's language; the server's English for a kind that the interface does not know. */

import { en } from "@/i18n/en";
import { t, type MessageKey } from "@/i18n/i18n";
import type { Kinds } from "@/model/ports";

export function kindTitle(kinds: Kinds, kind: string): string {
  const key = `kind.${kind}`;
  return Object.hasOwn(en, key) ? t(key as MessageKey) : (kinds.get(kind)?.title ?? kind);
}

export function kindText(kinds: Kinds, kind: string): string {
  const key = `kind.${kind}.text`;
  return Object.hasOwn(en, key) ? t(key as MessageKey) : (kinds.get(kind)?.description ?? "");
}
