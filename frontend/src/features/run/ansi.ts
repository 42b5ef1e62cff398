/** What programs write to terminals, as text with colours. Nothing of it reaches the page but plain text and a name from
 * a closed list. */

export type Colour = "black" | "red" | "green" | "yellow" | "blue" | "magenta" | "cyan" | "white";
const COLOURS: readonly Colour[] = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

export interface Piece {
  readonly text: string;
  readonly colour: Colour | null;
  readonly bold: boolean;
  readonly dim: boolean;
}

interface Pen {
  colour: Colour | null;
  bold: boolean;
  dim: boolean;
}

const ESCAPE = "\u001b";
// Colours; other sequences of control; titles and links of terminals; single letters.
const SEQUENCE = new RegExp(`${ESCAPE}\\[([0-9;:]*)m|${ESCAPE}\\[[0-?]*[ -/]*(?:[@-~]|$)|${ESCAPE}[\\]PX^_][^\\u0007${ESCAPE}]*(?:\\u0007|${ESCAPE}\\\\)?|${ESCAPE}[ -/]*[0-~]?`, "g");
// eslint-disable-next-line no-control-regex -- these are what is taken out
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** A line as it would stand in a terminal: what was written over by a carriage return is gone. */
function settled(line: string): string {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  const at = text.lastIndexOf("\r");
  return at < 0 ? text : text.slice(at + 1);
}

export function pieces(line: string): readonly Piece[] {
  const text = settled(line);
  if (!text.includes(ESCAPE)) return [{ text: text.replace(CONTROLS, ""), colour: null, bold: false, dim: false }];
  const found: Piece[] = [];
  const pen: Pen = { colour: null, bold: false, dim: false };
  let from = 0;
  const take = (to: number): void => {
    const part = text.slice(from, to).replace(CONTROLS, "");
    if (part !== "") found.push({ text: part, ...pen });
  };
  for (const match of text.matchAll(SEQUENCE)) {
    take(match.index);
    from = match.index + match[0].length;
    if (match[1] !== undefined) turn(pen, match[1]);
  }
  take(text.length);
  return found;
}

export const plainText = (line: string): string => pieces(line).map((piece) => piece.text).join("");

function turn(pen: Pen, written: string): void {
  const codes = written === "" ? [0] : written.split(/[;:]/).map(Number);
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] as number;
    if (code === 0) Object.assign(pen, { colour: null, bold: false, dim: false });
    else if (code === 1) pen.bold = true;
    else if (code === 2) pen.dim = true;
    else if (code === 22) Object.assign(pen, { bold: false, dim: false });
    else if (code === 39) pen.colour = null;
    else if (code >= 30 && code <= 37) pen.colour = COLOURS[code - 30] ?? null;
    else if (code >= 90 && code <= 97) pen.colour = COLOURS[code - 90] ?? null;
    else if (code === 38 || code === 48) {
      // Many colours: the nearest of ours; the ground keeps its own.
      const many = codes[index + 1] === 5;
      if (code === 38) pen.colour = many ? ofPalette(codes[index + 2] ?? 0) : ofMixture(codes.slice(index + 2, index + 5));
      index += many ? 2 : 4;
    }
  }
}

function ofPalette(number: number): Colour | null {
  if (number < 16) return COLOURS[number % 8] ?? null;
  if (number >= 232) return null;
  const level = number - 16;
  return ofMixture([Math.floor(level / 36) * 51, (Math.floor(level / 6) % 6) * 51, (level % 6) * 51]);
}

function ofMixture(levels: readonly number[]): Colour | null {
  const [red = 0, green = 0, blue = 0] = levels;
  const most = Math.max(red, green, blue);
  if (most - Math.min(red, green, blue) < 40) return null;
  const bit = (level: number, weight: number): number => (level > most * 0.6 ? weight : 0);
  return COLOURS[bit(red, 1) + bit(green, 2) + bit(blue, 4)] ?? null;
}
