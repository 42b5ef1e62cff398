/** Moving between pages: the address is the only state, the History API the only mechanism. Which address shows what is
 * said in app/routes.tsx. */
import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from "react";

const listeners = new Set<() => void>();
/** Asked before a page is left; false keeps it. */
const guards = new Set<() => boolean>();

export interface NavigateOptions {
  readonly replace?: boolean;
}

export function navigate(to: string, { replace = false }: NavigateOptions = {}): void {
  const target = new URL(to, location.href);
  if (target.origin !== location.origin) throw new Error("navigate stays on this site");
  if (target.href === location.href) return;
  if (target.pathname !== location.pathname && ![...guards].every((guard) => guard())) return;
  const samePage = target.pathname === location.pathname;
  history[replace ? "replaceState" : "pushState"](null, "", target);
  if (!samePage) window.scrollTo(0, 0);
  for (const listener of listeners) listener();
}

/** Returns what removes it again. */
export function guardNavigation(guard: () => boolean): () => void {
  guards.add(guard);
  return () => {
    guards.delete(guard);
  };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}

export const usePathname = (): string => useSyncExternalStore(subscribe, () => location.pathname);
export const useSearchParams = (): URLSearchParams => new URLSearchParams(useSyncExternalStore(subscribe, () => location.search));

export function Link({ href, onClick, ...props }: AnchorHTMLAttributes<HTMLAnchorElement> & { readonly href: string }) {
  const click = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0 || props.target !== undefined;
    if (event.defaultPrevented || elsewhere) return;
    event.preventDefault();
    navigate(href);
  };
  return <a {...props} href={href} onClick={click} />;
}

export type RouteParams = Readonly<Record<string, string>>;

/** "/workflows/:id" against an address; null where it does not match. A trailing slash makes no difference. */
export function matchPath(pattern: string, pathname: string): RouteParams | null {
  const wanted = pattern.split("/").filter(Boolean);
  const given = pathname.split("/").filter(Boolean);
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] as string;
    if (part.startsWith(":")) {
      try {
        params[part.slice(1)] = decodeURIComponent(value);
      } catch {
        return null;
      }
    } else if (part !== value) return null;
  }
  return params;
}
