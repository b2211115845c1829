/**
 * Prints what the pages say of names and of files, for the test that compares it with the API:
 * `node files-examine.ts <list.json>`, a list of `{ "names": […], "files": [{ "name": …, "path": … }] }`.
 */

import { readFile } from "node:fs/promises";

import { examine } from "../src/files/content.ts";
import { readName } from "../src/files/names.ts";

interface List {
  readonly names: readonly string[];
  readonly files: readonly { readonly name: string; readonly path: string }[];
}

const list = JSON.parse(await readFile(process.argv[2] ?? "", "utf8")) as List;
const files = [];
for (const { name, path } of list.files) {
  const { problem, note, mediaType } = await examine(new File([await readFile(path)], name), 2 ** 30);
  files.push({ problem: problem?.code ?? null, note: note?.code ?? null, ending: note?.values["ending"], mediaType });
}
const names = list.names.map((name) => {
  const read = readName(name);
  return { name: read.name, problem: read.problem?.code ?? null };
});
process.stdout.write(JSON.stringify({ names, files }));
