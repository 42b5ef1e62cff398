/** The frame around every page: the bar with where one is and where one can go, and the place for the page. */
import { Contrast, Monitor, Moon, Sun, Languages } from "lucide-react";
import { useState, type ReactNode } from "react";
import { api, told } from "@/api/client";
import { keys } from "@/api/keys";
import { LANGUAGES, setLanguage, t, useLanguage, type Language } from "@/i18n/i18n";
import { useQuery } from "@tanstack/react-query";
import { BarContext, type BarNodes } from "@/ui/bar";
import { ProjectSwitcher } from "@/features/people/ProjectSwitcher";
import { IconButton } from "@/ui/Button";
import { Menu } from "@/ui/Menu";
import { Link, matchPath, usePathname } from "@/ui/navigation";
import { chooseTheme, useChosenTheme, writeCookie, type Theme } from "@/ui/theme";
import { Bell } from "@/features/notices/Bell";
import { Account } from "./Account";
import { Mark } from "./Mark";
import styles from "./Shell.module.css";

const PLACES = [
  { href: "/", label: "nav.workflows" },
  { href: "/runs", label: "nav.runs" },
  { href: "/todo", label: "nav.todo" },
  { href: "/storage", label: "nav.storage" },
  { href: "/datasets", label: "nav.datasets" },
  { href: "/models", label: "nav.models" },
  { href: "/gallery", label: "nav.gallery" },
  { href: "/hosts", label: "nav.hosts" },
] as const;

export function Shell({ children }: { readonly children: ReactNode }) {
  useLanguage();
  const pathname = usePathname();
  const [nodes, setNodes] = useState<BarNodes>({ left: null, center: null, tools: null, right: null });
  const slot = (place: keyof BarNodes) => (node: HTMLElement | null) => {
    setNodes((held) => (held[place] === node || node === null ? held : { ...held, [place]: node }));
  };
  // The canvas needs the whole width of the bar for itself.
  const editing = matchPath("/workflows/:id", pathname) !== null;
  return (
    <BarContext value={nodes}>
      <div className={styles.frame}>
        <a href="#content" className={styles.skip}>
          {t("app.skip")}
        </a>
        <header className={styles.bar} data-editing={editing || undefined}>
          <div className={styles.side}>
            <Link href="/" aria-label={t("nav.workflows")} className={styles.mark}>
              <Mark />
            </Link>
            {!editing && <span className={styles.name}>{t("app.name")}</span>}
            {!editing && <ProjectSwitcher />}
            <div ref={slot("left")} className={styles.slot} />
          </div>
          {!editing && <Places pathname={pathname} />}
          <div ref={slot("center")} className={styles.slot} />
          <div className={styles.side} data-end>
            <div ref={slot("tools")} className={styles.tools} />
            <Bell />
            <Appearance />
            <Account />
            <div ref={slot("right")} className={styles.slot} />
          </div>
        </header>
        <main id="content" tabIndex={-1} className={styles.content}>
          {children}
        </main>
      </div>
    </BarContext>
  );
}

function Places({ pathname }: { readonly pathname: string }) {
  const todo = useQuery({ queryKey: keys.todo, queryFn: ({ signal }) => told(api.GET("/api/todo/", { signal })), refetchInterval: 30_000 });
  const waiting = todo.data?.items.length ?? 0;
  return (
    <nav aria-label={t("nav.main")} className={styles.places}>
      {PLACES.map(({ href, label }) => {
        const current = href === "/" ? pathname === "/" || pathname.startsWith("/workflows") : pathname.startsWith(href) || (href === "/runs" && pathname === "/schedules");
        return (
          <Link key={href} href={href} className={styles.place} {...(current && { "aria-current": "page" as const })}>
            {t(label)}
            {href === "/todo" && waiting > 0 && <span className={styles.waiting}>{waiting}</span>}
          </Link>
        );
      })}
    </nav>
  );
}

const THEME_ICONS: Readonly<Record<Theme, ReactNode>> = {
  light: <Sun size={15} />,
  dark: <Moon size={15} />,
  system: <Monitor size={15} />,
};

function Appearance() {
  const language = useLanguage();
  const theme = useChosenTheme();
  const speak = (chosen: Language) => {
    writeCookie("pipeloom_language", chosen);
    void setLanguage(chosen);
  };
  const themes = (["light", "dark", "system"] as const).map((each) => ({
    id: each,
    label: t(`nav.theme.${each}`),
    icon: THEME_ICONS[each],
    checked: theme === each,
    run: () => {
      chooseTheme(each);
    },
  }));
  const languages = (Object.keys(LANGUAGES) as Language[]).map((each) => ({
    id: each,
    label: LANGUAGES[each],
    icon: <Languages size={15} />,
    checked: language === each,
    run: () => {
      speak(each);
    },
  }));
  return (
    <Menu
      label={t("nav.settings")}
      align="end"
      trigger={<IconButton label={t("nav.settings")} icon={<Contrast size={17} />} data-testid="appearance" />}
      groups={[
        { id: "theme", title: t("nav.theme"), actions: themes },
        { id: "language", title: t("nav.language"), actions: languages },
      ]}
    />
  );
}
