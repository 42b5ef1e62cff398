/** Builds the sample's graph from an empty canvas with the mouse, in a running product; undoes and redoes everything;
 * reloads. What went wrong is an exception. Run by `node frontend/testing/editorByMouse.ts URL SIGN-IN-LINK`. */

import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { chromium, type Locator, type Page } from "playwright-core";

interface Wire {
  readonly from: string;
  readonly to: string;
  readonly role: string;
}
interface Draft {
  readonly revision: number;
  readonly document: { readonly steps: readonly { readonly name: string; readonly depends_on?: readonly string[]; readonly inputs: readonly { readonly data: unknown }[] }[]; readonly data: readonly { readonly name: string }[] };
}

/** Where they are dropped: all of it is seen beside the palette and the inspector. */
const STEPS: readonly (readonly [kind: string, x: number, y: number])[] = [
  ["create_dataset", 60, 180],
  ["release_dataset", 360, 180],
  ["job", 660, 180],
  ["model", 200, 420],
];

export async function buildByMouse(page: Page, base: string): Promise<void> {
  const id = await newWorkflow(page, base);
  await page.goto(`${base}/workflows/${id}`);
  await page.getByTestId("canvas").waitFor();
  strictEqual(await page.getByTestId("canvas").getAttribute("data-steps"), "0");

  // Steps, dragged out of the palette.
  for (const [kind, x, y] of STEPS) await dragStep(page, kind, x, y);
  // Wires, drawn from port to port; the last one is let go on the step itself.
  await draw(page, port(page, "create_dataset", "out:dataset"), port(page, "release", "in:dataset"));
  const input = await refused(page);
  await draw(page, port(page, "release", "out:dataset"), step(page, "job"));
  await draw(page, port(page, "job", "out:train_url"), step(page, "register"));
  ok(input, "a refused port says why");
  // A wire that is let go over nothing asks what could feed the input.
  await draw(page, port(page, "create_dataset", "in:data_url"), null);
  await page.getByTestId("quick-search").waitFor();
  await page.locator("[data-choice=new-data]").click();

  deepStrictEqual(await wires(page), [
    { from: "create_dataset", to: "release", role: "data" },
    { from: "release", to: "job", role: "data" },
    { from: "job", to: "metrics", role: "chart" },
    { from: "job", to: "register", role: "data" },
  ].sort(byEnds));
  const built = await saved(page, base, id);
  deepStrictEqual(built.document.steps.map((each) => [each.name, each.depends_on ?? []]), [["create_dataset", []], ["release", ["create_dataset"]], ["job", ["release"]], ["register", ["job"]]]);
  deepStrictEqual(built.document.steps[0]?.inputs[0]?.data, { $data: built.document.data[0]?.name });

  // Everything that was done is undone, and done again.
  const undo = page.getByTestId("undo");
  let times = 0;
  while (await undo.isEnabled()) {
    await undo.click();
    times += 1;
  }
  strictEqual(await page.getByTestId("canvas").getAttribute("data-steps"), "0");
  for (; times > 0; times -= 1) await page.getByTestId("redo").click();
  const again = await saved(page, base, id);
  deepStrictEqual(again.document, built.document);

  // A reload keeps it, also what is not saved yet.
  await page.route("**/draft/", (route) => (route.request().method() === "PUT" ? route.abort() : route.continue()));
  await dragStep(page, "condition", 60, 620);
  await page.locator("[data-testid=save-state][data-state=offline]").waitFor();
  page.once("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await page.locator("[data-kind=condition][data-step]").waitFor();
  await page.unroute("**/draft/");
  const late = await saved(page, base, id);
  strictEqual(late.document.steps.length, 5);

  await keyboard(page);
  await conflict(page, base, id);
}

/** What the pointer can do, keys can do, too. */
async function keyboard(page: Page): Promise<void> {
  await page.locator("article[data-step]").first().focus();
  await page.keyboard.press("Home");
  strictEqual(await focusedStep(page), "create_dataset");
  await page.keyboard.press("ArrowRight");
  strictEqual(await focusedStep(page), "release");
  await page.keyboard.press("Control+d");
  await page.locator("[data-step=release_2]").waitFor();
  await page.keyboard.press("Control+z");
  await page.locator("[data-step=release_2]").waitFor({ state: "detached" });
  await page.keyboard.press("End");
  await page.keyboard.press("c");
  await page.getByTestId("connect-offers").waitFor();
  await page.keyboard.press("Escape");
}

async function conflict(page: Page, base: string, id: string): Promise<void> {
  const draft = await draftOf(page, base, id);
  await page.evaluate(
    async ([address, body]) => {
      const token = document.cookie.split("; ").find((each) => each.startsWith("pipeloom_csrf_"))?.split("=")[1] ?? "";
      await fetch(address as string, { method: "PUT", body: body as string, headers: { "content-type": "application/json", "X-CSRFToken": token } });
    },
    [`/api/workflows/${id}/draft/`, JSON.stringify({ revision: draft.revision, document: { ...draft.document, description: "changed elsewhere" } })],
  );
  await dragStep(page, "condition", 360, 620);
  await page.getByTestId("conflict").waitFor();
  await page.getByTestId("conflict-mine").click();
  const after = await saved(page, base, id);
  strictEqual(after.document.steps.length, 6);
}

async function newWorkflow(page: Page, base: string): Promise<string> {
  await page.goto(base);
  await page.waitForLoadState("networkidle");
  return page.evaluate(async (name) => {
    const token = document.cookie.split("; ").find((each) => each.startsWith("pipeloom_csrf_"))?.split("=")[1] ?? "";
    const answer = await fetch("/api/workflows/", { method: "POST", body: JSON.stringify({ name }), headers: { "content-type": "application/json", "X-CSRFToken": token } });
    return ((await answer.json()) as { id: string }).id;
  }, `By mouse ${String(Date.now())}`);
}

async function dragStep(page: Page, kind: string, x: number, y: number): Promise<void> {
  const before = await page.locator("[data-step]").count();
  const item = await middle(page.locator(`[data-testid=palette-item][data-kind=${kind}]`));
  const canvas = await page.getByTestId("canvas").boundingBox();
  await page.mouse.move(item.x, item.y);
  await page.mouse.down();
  await page.mouse.move(item.x + 30, item.y + 10, { steps: 3 });
  await page.mouse.move((canvas?.x ?? 0) + x, (canvas?.y ?? 0) + y, { steps: 6 });
  await page.mouse.up();
  await page.locator("[data-step]").nth(before).waitFor();
}

const step = (page: Page, name: string): Locator => page.locator(`article[data-step="${name}"]`);
const port = (page: Page, name: string, handle: string): Locator => page.locator(".react-flow__node", { has: step(page, name) }).locator(`[data-port="${handle}"]`);

async function middle(of: Locator): Promise<{ x: number; y: number }> {
  const box = await of.boundingBox();
  if (box === null) throw new Error(`not on the screen: ${String(of)}`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function draw(page: Page, from: Locator, to: Locator | null): Promise<void> {
  const start = await middle(from);
  const end = to === null ? { x: start.x - 20, y: start.y + 220 } : await middle(to);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 12, start.y + 8, { steps: 3 });
  await page.mouse.move(end.x, end.y, { steps: 8 });
  await page.mouse.up();
}

/** A dataset goes into no model: the wire is refused while it is over the step, and nothing happens when it is let go. */
async function refused(page: Page): Promise<boolean> {
  const start = await middle(port(page, "create_dataset", "out:dataset"));
  const end = await middle(step(page, "register"));
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 20, start.y, { steps: 3 });
  await page.mouse.move(end.x, end.y, { steps: 8 });
  const told = await page.getByTestId("wire-refusal").isVisible();
  const dimmed = await step(page, "register").getAttribute("data-wire");
  await page.mouse.up();
  return told && dimmed === "refused";
}

const byEnds = (left: Wire, right: Wire): number => `${left.from} ${left.to}`.localeCompare(`${right.from} ${right.to}`);

async function wires(page: Page): Promise<Wire[]> {
  const found = await page.locator("[data-edge]").evaluateAll((edges) => edges.map((edge) => ({ from: edge.getAttribute("data-from") ?? "", to: edge.getAttribute("data-to") ?? "", role: edge.getAttribute("data-role") ?? "" })));
  return found.sort(byEnds);
}

const focusedStep = (page: Page): Promise<string | null> => page.evaluate(() => document.activeElement?.getAttribute("data-step") ?? null);

async function draftOf(page: Page, base: string, id: string): Promise<Draft> {
  return (await (await page.request.get(`${base}/api/workflows/${id}/draft/`)).json()) as Draft;
}

/** The draft on the server, once the editor says that it is there. */
async function saved(page: Page, base: string, id: string): Promise<Draft> {
  await page.locator("[data-testid=save-state][data-state=saved]").waitFor();
  return draftOf(page, base, id);
}

async function main(base: string, link: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: process.env.PIPELOOM_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 960 } });
    await page.goto(link);
    await page.locator("form button").first().click();
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    await buildByMouse(page, base);
    process.stdout.write("built, undone, redone, reloaded\n");
  } finally {
    await browser.close();
  }
}

if (process.argv[1]?.endsWith("editorByMouse.ts") === true) {
  const [, , base = "", link = ""] = process.argv;
  await main(base.replace(/\/$/, ""), link);
}
