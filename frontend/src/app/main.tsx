import { createRoot } from "react-dom/client";
import { preferredLanguage, setLanguage } from "@/i18n/i18n";
import "@/ui/styles/base.css";
import { applyTheme, readCookie } from "@/ui/theme";
import { App } from "./App";

applyTheme();
await setLanguage(preferredLanguage(readCookie("pipeloom_language"), navigator.languages));
createRoot(document.getElementById("root") as HTMLElement).render(<App />);
