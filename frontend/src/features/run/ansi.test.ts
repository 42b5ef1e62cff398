import fc from "fast-check";
import { expect, test } from "vitest";
import { pieces, plainText } from "./ansi";

const esc = (code: string) => `\u001b[${code}`;

test("it turns codes into colours and nothing else", () => {
  expect(pieces(`plain ${esc("31m")}red ${esc("1m")}bold${esc("0m")} again`)).toEqual([
    { text: "plain ", colour: null, bold: false, dim: false },
    { text: "red ", colour: "red", bold: false, dim: false },
    { text: "bold", colour: "red", bold: true, dim: false },
    { text: " again", colour: null, bold: false, dim: false },
  ]);
  expect(pieces(`${esc("38;5;196m")}x`)[0]?.colour).toBe("red");
  expect(pieces(`${esc("38;2;20;200;30m")}x`)[0]?.colour).toBe("green");
  expect(pieces(`${esc("48;5;196;34m")}x`)[0]?.colour).toBe("blue");
});

test.each([
  [`a${esc("2K")}b`, "ab"],
  [`${esc("?25l")}hidden cursor`, "hidden cursor"],
  ["\u001b]0;title\u0007text", "text"],
  ["\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\", "link"],
  ["10%\r50%\r100%", "100%"],
  ["windows\r", "windows"],
  ["a\u0000b\u0008c\u009bd", "abcd"],
  [`cut ${esc("3")}`, "cut "],
])("%j is read as %j", (line, text) => {
  expect(plainText(line)).toBe(text);
});

test("nothing that steers a terminal is left over", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("\u001b", "[", "]", "m", "3", "1", ";", "\u0007", "\\", "a", "\r", "P")), (letters) => {
      // eslint-disable-next-line no-control-regex
      expect(plainText(letters.join(""))).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }),
  );
});
