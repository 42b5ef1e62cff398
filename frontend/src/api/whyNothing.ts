/** Why there is nothing to show yet. A query that has no data forgets its error whenever it asks again; a page that asks
 * every second would change between skeleton and error as often. This remembers until something comes. */

import { useState } from "react";

interface Asked {
  readonly data: unknown;
  readonly error: Error | null;
}

export function useWhyNothing({ data, error }: Asked): Error | null {
  const [why, setWhy] = useState<Error | null>(null);
  const known = data !== undefined ? null : (error ?? why);
  if (known !== why) setWhy(known);
  return known;
}
