import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

/** What each folder of src may import: its own, and the folders to its right. `@/` is src. */
const MAY_IMPORT = {
  model: [],
  api: ["model"],
  ui: ["model", "i18n"],
  i18n: ["model"],
  live: ["ui", "i18n", "model", "api"],
  charts: ["ui", "i18n", "model", "api"],
  forms: ["ui", "i18n", "model", "api"],
  canvas: ["ui", "i18n", "model", "api"],
  features: ["canvas", "forms", "charts", "live", "ui", "i18n", "model", "api"],
  app: ["features", "canvas", "forms", "charts", "live", "ui", "i18n", "model", "api"],
};
const FOLDERS = Object.keys(MAY_IMPORT);
const UPWARDS = {
  regex: "^\\.\\./",
  message: "Write @/<folder>/<file>; only neighbours in the same folder are imported by ./",
};

function zone(folder) {
  const forbidden = FOLDERS.filter((other) => other !== folder && !MAY_IMPORT[folder].includes(other));
  const patterns = [UPWARDS];
  if (forbidden.length > 0) {
    patterns.push({
      regex: `^@/(${forbidden.join("|")})(/|$)`,
      message: `${folder}/ may import only: ${[folder, ...MAY_IMPORT[folder]].join(", ")}.`,
    });
  }
  if (folder === "model") {
    patterns.push({ regex: "^(react|react-dom|@xyflow|zustand|@tanstack|plotly)", message: "model/ is pure TypeScript." });
  }
  if (folder !== "canvas") {
    patterns.push({ regex: "^@xyflow/", message: "React Flow stays behind canvas/." });
  }
  return {
    files: [`src/${folder}/**/*.{ts,tsx}`],
    ignores: ["**/*.test.ts", "**/*.test.tsx"],
    rules: { "no-restricted-imports": ["error", { patterns }] },
  };
}

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/generated.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ["src/**/*.{ts,tsx}", "testing/**/*.ts"],
    plugins: { "react-hooks": reactHooks },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-dynamic-delete": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "max-lines": ["error", { max: 400 }],
      eqeqeq: "error",
      "no-eval": "error",
      "no-console": "error",
    },
  },
  {
    // The model must give the same answer everywhere: no clock, no chance, no page.
    files: ["src/model/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-globals": ["error", "window", "document", "navigator", "localStorage", "fetch", "setTimeout"],
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random" },
        { object: "Date", property: "now" },
        { object: "crypto", property: "randomUUID" },
      ],
    },
  },
  ...FOLDERS.map(zone),
);
