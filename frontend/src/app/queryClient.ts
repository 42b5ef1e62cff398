import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/client";
import { tellSignedOut } from "./session";

const RETRIES = 2;

function notice(error: unknown): void {
  if (error instanceof ApiError && error.signedOut) tellSignedOut();
}

/** A refusal stays a refusal; only what could not be reached or broke is tried again. */
function again(count: number, error: unknown): boolean {
  const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
  return !refused && count < RETRIES;
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: notice }),
  mutationCache: new MutationCache({ onError: notice }),
  defaultOptions: { queries: { retry: again, staleTime: 5_000 }, mutations: { retry: false } },
});
