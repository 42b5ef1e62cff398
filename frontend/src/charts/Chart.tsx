/** One figure of any kind on a page, as wide as there is room. */

import type { Figure } from "./figure";
import { PlotlyChart } from "./PlotlyChart";
import { Sized } from "./Sized";

interface Props {
  readonly figure: Figure;
  /** Said to those who do not see it. */
  readonly label: string;
  readonly height: number;
  readonly size?: "panel" | "page";
}

export function Chart({ figure, label, height, size = "page" }: Props) {
  return <Sized height={height}>{(width) => <PlotlyChart figure={figure} name={label} label={label} size={size} width={width} height={height} stale={false} />}</Sized>;
}
