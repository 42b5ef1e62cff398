/** The one door to the server: typed by its OpenAPI document, with CSRF, and every refusal as an ApiError. */

import createClient, { type Middleware } from "openapi-fetch";
import { isList, isObject } from "@/model/json";
import { asProblem, problem, type Problem } from "@/model/problems";
import type { components, paths } from "./generated";

export type Schemas = components["schemas"];

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** Something went wrong that a person can be told: the server's own words, by code. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  readonly problems: readonly Problem[];
  /** The whole answer; a conflict carries what is there now. */
  readonly body: unknown;

  constructor(status: number, problems: readonly Problem[], body: unknown = null) {
    super(problems[0]?.message ?? `status ${String(status)}`);
    this.status = status;
    this.problems = problems;
    this.body = body;
  }

  get problem(): Problem {
    return this.problems[0] ?? unreadable(this.status);
  }

  /** The person is not signed in (any more). */
  get signedOut(): boolean {
    return this.status === 401;
  }
}

function unreadable(status: number): Problem {
  return problem("client.unreadable", "The server answered in a form that cannot be read.", "Try again in a moment.", "", { status });
}

/** The cookie's name ends with the port: installations on one machine do not sign each other out. */
export function csrfToken(cookies: string, location: { readonly port: string; readonly protocol: string }): string {
  const port = location.port || (location.protocol === "https:" ? "443" : "80");
  const found = new Map(
    cookies.split("; ").map((cookie) => {
      const at = cookie.indexOf("=");
      return [cookie.slice(0, at), decodeURIComponent(cookie.slice(at + 1))] as const;
    }),
  );
  const behindProxy = [...found.keys()].find((name) => name.startsWith("pipeloom_csrf_"));
  return found.get(`pipeloom_csrf_${port}`) ?? found.get(behindProxy ?? "") ?? "";
}

const withCsrf: Middleware = {
  onRequest({ request }) {
    if (!SAFE.has(request.method)) request.headers.set("X-CSRFToken", csrfToken(document.cookie, location));
    return request;
  },
};

export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });
api.use(withCsrf);

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** What was asked for, or an ApiError. */
export async function told<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  let answer: Answer<Data>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    if (error instanceof SyntaxError) throw new ApiError(0, [unreadable(0)]);
    throw new ApiError(0, [problem("client.unreachable", "The server cannot be reached.", "See that it is running; your work stays here meanwhile.")]);
  }
  if (!answer.response.ok) throw refusal(answer.response.status, answer.error);
  return answer.data as Data;
}

export function refusal(status: number, body: unknown): ApiError {
  if (isObject(body) && isList(body.problems) && body.problems.length > 0) return new ApiError(status, body.problems.map(asProblem), body);
  if (isObject(body) && typeof body.code === "string") return new ApiError(status, [asProblem(body)], body);
  return new ApiError(status, [unreadable(status)], body);
}
