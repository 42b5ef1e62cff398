import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { I18nProvider, RouterProvider } from "react-aria-components";
import { useLanguage } from "@/i18n/i18n";
import { navigate } from "@/ui/navigation";
import { Toasts } from "@/ui/Toast";
import { ErrorBoundary } from "./ErrorBoundary";
import { queryClient } from "./queryClient";
import { Routes } from "./routes";
import { Shell } from "./Shell";
import { SignedOut } from "./SignedOut";

export function App() {
  const language = useLanguage();
  return (
    <StrictMode>
      <I18nProvider locale={language === "zh-Hans" ? "zh-CN" : "en-US"}>
        <RouterProvider navigate={navigate}>
          <QueryClientProvider client={queryClient}>
            <Shell>
              <ErrorBoundary>
                <Routes />
              </ErrorBoundary>
            </Shell>
            <SignedOut />
            <Toasts />
          </QueryClientProvider>
        </RouterProvider>
      </I18nProvider>
    </StrictMode>
  );
}
