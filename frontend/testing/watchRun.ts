/** Runs the sample in a running product and watches it: the points that are drawn on the canvas grow while the step
 * runs, no node moves, a reload and a lost socket lose nothing, nothing leaves the origin. What went wrong is an
 * exception. Run by `node frontend/testing/watchRun.ts URL SIGN-IN-LINK [EPOCHS]`. */

import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { chromium, type Page } from "playwright-core";

/** Long enough to be still going on after a reload and after the sockets were given up. */
const EPOCHS = 60;
const PATIENCE_MS = 180_000;
const CURVE = '[data-testid="node-metrics"][data-source="now"] [data-testid="chart"][data-chart-key="loss by epoch"]';

export interface Watched {
  /** Points on the canvas, each time they were another number. */
  readonly drawn: readonly number[];
  readonly finished: string;
}

export async function watchRun(page: Page, base: string, epochs = EPOCHS): Promise<Watched> {
  const foreign: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) foreign.push(request.url());
  });
  const { workflow, run } = await startSample(page, base, epochs);

  // On the canvas of the editor, while the step trains.
  await page.goto(`${base}/workflows/${workflow}?run=${run}`);
  await page.getByTestId("run-bar").waitFor();
  await page.locator(CURVE).waitFor({ timeout: PATIENCE_MS });
  const before = await places(page);
  const drawn = await growing(page, 4, 2 * epochs);
  deepStrictEqual(await places(page), before, "no node moves while the run goes on");
  strictEqual(await stepState(page, "train"), "running");

  // The same again after a reload, and then without any socket.
  await page.reload();
  await page.locator(`${CURVE}[data-points]`).waitFor({ timeout: PATIENCE_MS });
  ok((await points(page)) >= (drawn.at(-1) ?? 0), "a reload loses no point");
  await page.routeWebSocket(/\/ws\/runs\//, (socket) => {
    void socket.close({ code: 1011 });
  });
  await page.goto(`${base}/runs/${run}`);
  await page.locator('[data-testid="link"][data-link="live"][data-via="poll"]').waitFor({ timeout: PATIENCE_MS });
  await page.locator(`${CURVE}[data-points]`).waitFor({ timeout: PATIENCE_MS });
  drawn.push(...(await growing(page, 2, 2 * epochs)));

  // To the end: every epoch is drawn, on the canvas and on the page.
  await page.locator('[data-testid="run"][data-state="completed"]').waitFor({ timeout: PATIENCE_MS });
  await page.locator(`${CURVE}[data-points="${String(2 * epochs)}"]`).waitFor({ timeout: 10_000 });
  await page.getByTestId("run-tab-metrics").click();
  await page.locator(`[data-testid="metrics-page"] [data-chart-key="loss by epoch"][data-points="${String(2 * epochs)}"]`).waitFor({ timeout: 30_000 });
  const kinds = await page.locator('[data-testid="metrics-page"] [data-testid="chart"]').evaluateAll((charts) => [...new Set(charts.map((chart) => (chart as HTMLElement).dataset.kind ?? ""))].sort());
  deepStrictEqual(kinds, ["bar", "heatmap", "indicator", "scatter", "table"], "all five types of metric are drawn");
  strictEqual(await page.locator("[data-title*=loud], [data-title*=hare]").count(), 0, "Plotly offers to publish nothing");
  deepStrictEqual(foreign, [], "no request leaves the origin");
  return { drawn, finished: run };
}

/** Over the page's own session, as a person's browser would. */
async function startSample(page: Page, base: string, epochs: number): Promise<{ workflow: string; run: string }> {
  await page.goto(base);
  return page.evaluate(async (count) => {
    const cookie = document.cookie.split("; ").find((each) => each.startsWith("pipeloom_csrf_")) ?? "=";
    const headers = { "Content-Type": "application/json", "X-CSRFToken": cookie.slice(cookie.indexOf("=") + 1) };
    const list = (await (await fetch("/api/workflows/?search=digits")).json()) as { items: { id: string }[] };
    const workflow = list.items.at(-1)?.id ?? "";
    const answer = await fetch(`/api/workflows/${workflow}/runs/`, { method: "POST", headers, body: JSON.stringify({ values: { epochs: count } }) });
    if (!answer.ok) throw new Error(await answer.text());
    return { workflow, run: ((await answer.json()) as { id: string }).id };
  }, epochs);
}

async function points(page: Page): Promise<number> {
  return Number(await page.locator(CURVE).first().getAttribute("data-points"));
}

/** Waits until other numbers of points were drawn that many times. Points never become fewer. */
async function growing(page: Page, times: number, all: number): Promise<number[]> {
  const seen = [await points(page)];
  while (seen.length <= times) {
    const last = seen.at(-1) ?? 0;
    ok(last < all, `all ${String(all)} points were drawn before they were seen to grow: watch a run of more epochs`);
    await page.waitForFunction(([curve, held]) => Number(document.querySelector<HTMLElement>(curve)?.dataset.points) !== held, [CURVE, last] as const, { timeout: PATIENCE_MS });
    const next = await points(page);
    ok(next > last, `drawn points grow (${String(last)}, then ${String(next)})`);
    seen.push(next);
  }
  return seen;
}

function places(page: Page): Promise<string[]> {
  return page.locator(".react-flow__node").evaluateAll((nodes) => nodes.map((node) => `${node.getAttribute("data-id") ?? ""} ${(node as HTMLElement).style.transform} ${String(node.clientWidth)}×${String(node.clientHeight)}`).sort());
}

const stepState = (page: Page, step: string): Promise<string | null> => page.locator(`article[data-step="${step}"]`).getAttribute("data-state");

if (import.meta.filename === process.argv[1]) {
  const [, , base = "", link = "", epochs = String(EPOCHS)] = process.argv;
  const executablePath = process.env.PIPELOOM_CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(link);
    await page.locator("form button").first().click();
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    const { drawn } = await watchRun(page, base.replace(/\/$/, ""), Number(epochs));
    process.stdout.write(`drawn points: ${drawn.join(" ")}\n`);
  } finally {
    await browser.close();
  }
}
