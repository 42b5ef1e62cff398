import { createRoot } from "react-dom/client";
import { takeProjectFromAddress } from "@/features/people/current";
import { preferredLanguage, setLanguage } from "@/i18n/i18n";
import "@/ui/styles/base.css";
import { applyTheme, readCookie } from "@/ui/theme";
import { App } from "./App";

// A tab that is older than the server asks for files that are gone: take the page anew, once.
addEventListener("vite:preloadError", () => {
  if (sessionStorage.getItem("pipeloom.reloaded") !== null) return;
  sessionStorage.setItem("pipeloom.reloaded", "1");
  location.reload();
});
addEventListener("load", () => {
  setTimeout(() => {
    sessionStorage.removeItem("pipeloom.reloaded");
  }, 10_000);
});

applyTheme();
takeProjectFromAddress();
await setLanguage(preferredLanguage(readCookie("pipeloom_language"), navigator.languages));
createRoot(document.getElementById("root") as HTMLElement).render(<App />);
