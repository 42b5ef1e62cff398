/** Light, dark, or as the system says. Kept in a cookie, so that the server sends the page in the right one at once. */
import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark" | "system";
const THEMES: readonly string[] = ["light", "dark", "system"];
const YEAR = 31_536_000;
const listeners = new Set<() => void>();
const systemDark = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;

export function readCookie(name: string): string | null {
  const found = document.cookie.split("; ").find((cookie) => cookie.startsWith(`${name}=`));
  return found === undefined ? null : decodeURIComponent(found.slice(name.length + 1));
}

export function writeCookie(name: string, value: string): void {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${String(YEAR)}; samesite=lax`;
}

export function chosenTheme(): Theme {
  const stored = readCookie("pipeloom_theme");
  return stored !== null && THEMES.includes(stored) ? (stored as Theme) : "system";
}

export function shownTheme(): "light" | "dark" {
  const chosen = chosenTheme();
  if (chosen !== "system") return chosen;
  return systemDark?.matches ? "dark" : "light";
}

export function chooseTheme(theme: Theme): void {
  writeCookie("pipeloom_theme", theme);
  applyTheme();
}

export function applyTheme(): void {
  document.documentElement.dataset.theme = shownTheme();
  for (const listener of listeners) listener();
}

systemDark?.addEventListener("change", applyTheme);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export const useShownTheme = (): "light" | "dark" => useSyncExternalStore(subscribe, shownTheme);
export const useChosenTheme = (): Theme => useSyncExternalStore(subscribe, chosenTheme);
