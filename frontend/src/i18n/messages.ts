/** Types that tie the languages together: whoever adds a key in English and forgets it in Chinese does not compile. */
import type { en } from "./en";

export type MessageKey = keyof typeof en;
export type Messages = Readonly<Record<MessageKey, string>>;
export type Translated<English> = { readonly [Key in keyof English]: string };
