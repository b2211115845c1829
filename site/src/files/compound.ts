/** Compound files (MS-CFB): an Office document with a password, or one of Office 97 to 2003. */

import { number, type Source } from "./bytes.ts";
import type { Found } from "./found.ts";

const END_OF_CHAIN = 0xfffffffa;
const ENTRY = 128;
const MOST_SECTORS = 256;

/** What a compound file holds: only documents locked by a password are taken, and no one can look into those. */
export async function compoundType(source: Source): Promise<Found> {
  const names = await entryNames(source);
  if (names.has("encryptedpackage") && names.has("encryptioninfo")) return { mediaType: null, isProtected: true };
  return { refused: "old_office" };
}

/** The names in the directory: a chain of sectors that the file's first allocation sectors list. */
async function entryNames(source: Source): Promise<ReadonlySet<string>> {
  const sectorSize = 2 ** Math.min(16, number(source.head, 30, 2));
  const names = new Set<string>();
  let sector = number(source.head, 48, 4);
  for (let read = 0; read < MOST_SECTORS && sector < END_OF_CHAIN; read += 1) {
    const entries = await source.at((sector + 1) * sectorSize, sectorSize);
    for (let at = 0; at + ENTRY <= entries.length; at += ENTRY) {
      const length = number(entries, at + 64, 2);
      if (length >= 2 && length <= 64) {
        names.add(new TextDecoder("utf-16le").decode(entries.subarray(at, at + length - 2)).toLowerCase());
      }
    }
    sector = await nextSector(source, sector, sectorSize);
  }
  return names;
}

async function nextSector(source: Source, sector: number, sectorSize: number): Promise<number> {
  const perSector = sectorSize / 4;
  const listed = Math.floor(sector / perSector);
  // The header lists the first 109 allocation sectors: the directory of a locked document lies within them.
  if (listed >= 109) return END_OF_CHAIN;
  const allocation = number(source.head, 76 + listed * 4, 4);
  const entry = await source.at((allocation + 1) * sectorSize + (sector % perSector) * 4, 4);
  return entry.length === 4 ? number(entry, 0, 4) : END_OF_CHAIN;
}
