import { expect, test } from "vitest";
import { ApiError, csrfToken, refusal, told } from "./client";

test("it takes the CSRF cookie of its own port", () => {
  const cookies = "pipeloom_csrf_8470=a; pipeloom_csrf_9000=b%3D; other=c";
  expect(csrfToken(cookies, { port: "9000", protocol: "http:" })).toBe("b=");
  expect(csrfToken("pipeloom_csrf_8470=a", { port: "", protocol: "https:" })).toBe("a");
  expect(csrfToken("", { port: "", protocol: "http:" })).toBe("");
});

test("it turns every refusal into problems", () => {
  const stale = { code: "workflow.draft_stale", message: "…", current: { revision: 3 }, problems: [{ code: "workflow.draft_stale", path: "", params: { current: 3 }, message: "m", hint: "h" }] };
  expect(refusal(409, stale)).toMatchObject({ status: 409, body: stale, problem: { code: "workflow.draft_stale", params: { current: 3 } } });
  for (const odd of ["<html>", null, undefined, { problems: [] }]) expect(refusal(502, odd).problem.code).toBe("client.unreadable");
});

test("it says that the server cannot be reached, and lets an abort be an abort", async () => {
  await expect(told(Promise.reject(new TypeError("fetch failed")))).rejects.toMatchObject({ problem: { code: "client.unreachable" } });
  await expect(told(Promise.reject(new DOMException("", "AbortError")))).rejects.toBeInstanceOf(DOMException);
  await expect(told(Promise.resolve({ response: new Response(null, { status: 401 }), error: {} }))).rejects.toBeInstanceOf(ApiError);
  await expect(told(Promise.resolve({ response: new Response("{}"), data: 7 }))).resolves.toBe(7);
});
