import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { compress } from "./compress.ts";

const source = fileURLToPath(new URL("./src", import.meta.url));
/** Where the development server finds the product: `PIPELOOM_URL=http://127.0.0.1:8470 npm run dev`. */
const product = process.env.PIPELOOM_URL ?? "http://127.0.0.1:8470";

export default defineConfig({
  // Django serves the folder under this prefix; the names carry hashes, so they may be cached for ever.
  base: "/static/app/",
  plugins: [react(), compress()],
  // Plotly still asks for Node's `global`.
  define: { global: "globalThis" },
  // Plotly's core asks for the styles of maps; we draw none.
  resolve: { alias: { "maplibre-gl/dist/maplibre-gl.css": `${source}/charts/noMaps.css`, "@testing": fileURLToPath(new URL("./testing", import.meta.url)), "@": source } },
  build: {
    outDir: "dist/app",
    emptyOutDir: true,
    manifest: true,
    target: "es2023",
    // A data: URL would need a wider policy for fonts and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1600,
  },
  server: {
    proxy: {
      "^/(api|sign-in|sign-out|healthz)(/|$)": { target: product, changeOrigin: true },
      "/ws": { target: product, ws: true, changeOrigin: true },
    },
  },
  test: { environment: "node", include: ["src/**/*.test.{ts,tsx}"], restoreMocks: true, testTimeout: 60_000 },
});
