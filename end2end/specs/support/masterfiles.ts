// National master files as an authority publishes them: the real ones where they are at hand, and small ones made up here.
//
// The columns are those of 支払基金 「マスターファイル仕様説明書」 R06: T (特定器材) 38, C (コメント) 30; the text is CP932. The names
// are made up and belong to nobody.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A file in the hands of an administrator. */
export interface MasterFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A line of master C with a fixed text (pattern 20). */
export interface Comment {
  /** Serial number within the pattern. */
  serial: number;
  text: string;
  /** First day, eight digits. */
  from: string;
}

/** A line of master T with a price in yen. */
export interface Material {
  code: string;
  name: string;
  kana: string;
  unit: string;
  price: string;
  from: string;
}

/** The code of a made-up comment. */
export const commentCode = (serial: number): string => `820${String(serial).padStart(6, "0")}`;

/** A full file of comments, named by its day. */
export function commentsOf(day: string, comments: Comment[]): MasterFile {
  const lines = comments.map(({ serial, text, from }) => [
    "0", "C", "8", "20", String(serial), String(text.length), text, "0", "", ...Array<string>(11).fill("0"),
    from, "99999999", commentCode(serial), "0", "", "", "", "", "", "",
  ]);
  return published(`c_ALL${day}.csv`, lines);
}

/** A full file of materials, named by its day. */
export function materialsOf(day: string, materials: Material[]): MasterFile {
  const lines = materials.map(({ code, name, kana, unit, price, from }) => [
    "0", "T", code, String(name.length), name, String(kana.length), kana, "6", String(unit.length), unit, "1", price,
    "0", "1", "00", "00", ...Array<string>(8).fill("0"), "", "0", "0", from, "00000000", "99999999", "3", "1", "0",
    "", "", "", name, "000",
  ]);
  return published(`t_ALL${day}.csv`, lines);
}

/** The same file with one cell written otherwise, which breaks it. */
export function spoiled(file: MasterFile, line: number, column: number, cell: string): MasterFile {
  const lines = file.buffer.toString("latin1").split("\r\n");
  const cells = (lines[line - 1] ?? "").split(",");
  cells[column - 1] = `"${cell}"`;
  lines[line - 1] = cells.join(",");
  return { ...file, buffer: Buffer.from(lines.join("\r\n"), "latin1") };
}

/** Lines in quotes and CP932, as they are published. */
function published(name: string, lines: string[][]): MasterFile {
  const text = lines.map((cells) => `${cells.map((cell) => `"${cell}"`).join(",")}\r\n`).join("");
  return { name, mimeType: "text/csv", buffer: cp932(text) };
}

/** A character to its bytes in CP932, asked of the decoder of the machine the other way round. */
const CP932 = (() => {
  const decoder = new TextDecoder("shift_jis");
  const bytes = new Map<string, number[]>();
  for (let one = 0xa1; one <= 0xdf; one += 1) bytes.set(decoder.decode(Uint8Array.of(one)), [one]);
  for (let lead = 0x81; lead <= 0xfc; lead += 1) {
    if (lead >= 0xa0 && lead <= 0xdf) continue;
    for (let trail = 0x40; trail <= 0xfc; trail += 1) {
      const text = decoder.decode(Uint8Array.of(lead, trail));
      if (text.length === 1 && text !== "\ufffd" && !bytes.has(text)) bytes.set(text, [lead, trail]);
    }
  }
  return bytes;
})();

function cp932(text: string): Buffer {
  return Buffer.from(
    [...text].flatMap((character) => {
      const code = character.codePointAt(0)!;
      const found = code < 0x80 ? [code] : CP932.get(character);
      if (!found) throw new Error(`CP932 has no ${character}`);
      return found;
    }),
  );
}

/** The files as published, out of the folder that is not part of the project; none where it is not at hand. */
export function official(...names: string[]): MasterFile[] | undefined {
  const folder = join(process.env.KARTE_SHARED ?? join(import.meta.dirname, "..", "..", "..", "..", "shared"), "masters", "official");
  if (!names.every((name) => existsSync(join(folder, name)))) return undefined;
  return names.map((name) => ({ name, mimeType: "text/csv", buffer: readFileSync(join(folder, name)) }));
}
