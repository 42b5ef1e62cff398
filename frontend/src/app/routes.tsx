/** Which address shows which page. Pages are fetched when they are first shown. */
import { Compass } from "lucide-react";
import { lazy, Suspense, useEffect, type ComponentType } from "react";
import { t, useLanguage, type MessageKey } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { matchPath, navigate, usePathname, type RouteParams } from "@/ui/navigation";
import { EmptyState, Loading, Skeleton } from "@/ui/States";

/** Every page gets the parameters of its address. */
export interface PageProps {
  readonly params: RouteParams;
}

interface Route {
  readonly pattern: string;
  readonly title: MessageKey;
  readonly page: ComponentType<PageProps>;
}

const page = <Name extends string>(load: () => Promise<Record<Name, ComponentType<PageProps>>>, name: Name) =>
  lazy(async () => ({ default: (await load())[name] }));

const ROUTES: readonly Route[] = [
  { pattern: "/", title: "nav.workflows", page: page(() => import("@/features/home/HomePage"), "HomePage") },
  { pattern: "/workflows/:id", title: "editor.title", page: page(() => import("@/features/editor/EditorPage"), "EditorPage") },
  { pattern: "/runs", title: "nav.runs", page: page(() => import("@/features/runs/RunsPage"), "RunsPage") },
  { pattern: "/runs/:id", title: "nav.runs", page: page(() => import("@/features/run/RunPage"), "RunPage") },
  { pattern: "/schedules", title: "schedules.title", page: page(() => import("@/features/schedules/SchedulesPage"), "SchedulesPage") },
  { pattern: "/todo", title: "nav.todo", page: page(() => import("@/features/todo/TodoPage"), "TodoPage") },
  { pattern: "/notifications", title: "notices.title", page: page(() => import("@/features/notices/NotificationsPage"), "NotificationsPage") },
  { pattern: "/topics", title: "topics.title", page: page(() => import("@/features/notices/TopicsPage"), "TopicsPage") },
  { pattern: "/storage", title: "nav.storage", page: page(() => import("@/features/storage/StoragePage"), "StoragePage") },
  { pattern: "/datasets", title: "nav.datasets", page: page(() => import("@/features/datasets/DatasetsPage"), "DatasetsPage") },
  { pattern: "/datasets/:id", title: "nav.datasets", page: page(() => import("@/features/datasets/DatasetPage"), "DatasetPage") },
  { pattern: "/models", title: "nav.models", page: page(() => import("@/features/models/ModelsPage"), "ModelsPage") },
  { pattern: "/models/:id", title: "nav.models", page: page(() => import("@/features/models/ModelPage"), "ModelPage") },
  { pattern: "/hosts", title: "nav.hosts", page: page(() => import("@/features/hosts/HostsPage"), "HostsPage") },
  { pattern: "/images", title: "images.title", page: page(() => import("@/features/images/ImagesPage"), "ImagesPage") },
  { pattern: "/projects/:id", title: "project.members", page: page(() => import("@/features/people/ProjectPage"), "ProjectPage") },
  { pattern: "/account", title: "account.title", page: page(() => import("@/features/people/AccountPage"), "AccountPage") },
  { pattern: "/tokens", title: "tokens.title", page: page(() => import("@/features/people/TokensPage"), "TokensPage") },
  { pattern: "/gallery", title: "nav.gallery", page: page(() => import("@/features/gallery/GalleryPage"), "GalleryPage") },
  { pattern: "/gallery/:id", title: "nav.gallery", page: page(() => import("@/features/gallery/OfferPage"), "OfferPage") },
  { pattern: "/parts", title: "parts.title", page: page(() => import("@/features/parts/PartsPage"), "PartsPage") },
];

export function Routes() {
  const language = useLanguage();
  const pathname = usePathname();
  const found = ROUTES.map((route) => ({ route, params: matchPath(route.pattern, pathname) })).find(({ params }) => params !== null);
  const title = t(found?.route.title ?? "app.notFound.title");
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title, language]);
  if (found === undefined) return <NotFound />;
  const Page = found.route.page;
  return (
    <Suspense fallback={<PageLoading />}>
      <Page key={pathname} params={found.params ?? {}} />
    </Suspense>
  );
}

function PageLoading() {
  return (
    <Loading>
      <div style={{ padding: 40 }}>
        <Skeleton width="220px" height={24} />
      </div>
    </Loading>
  );
}

function NotFound() {
  const home = () => {
    navigate("/");
  };
  return (
    <EmptyState page icon={<Compass size={22} />} title={t("app.notFound.title")} actions={<Button onPress={home}>{t("app.notFound.home")}</Button>}>
      {t("app.notFound.text")}
    </EmptyState>
  );
}
