import {refuse} from '../refusal.ts';

const schily = 'SCHILY.xattr.';
const libarchive = 'LIBARCHIVE.xattr.';

/** Collects the extended attributes of a PAX header, in both spellings that there are. */
export class XattrRecords {
  readonly names = new Map<string, Buffer>();
  readonly #raw = new Set<string>();

  /** False when the record is about something else. */
  take(key: string, data: Buffer, start: number, end: number): boolean {
    if (key.startsWith(schily)) {
      const name = checkName(key.slice(schily.length));
      this.#raw.add(name);
      this.names.set(name, Buffer.from(data.subarray(start, end)));
      return true;
    }
    if (!key.startsWith(libarchive)) return false;
    const name = checkName(decodeName(key.slice(libarchive.length)));
    // bsdtar writes both; the raw one needs no decoding, and is what all others read.
    if (this.#raw.has(name)) return true;
    this.names.set(name, decodeBase64(data.toString('latin1', start, end)));
    return true;
  }
}

function checkName(name: string): string {
  if (name === '' || name.includes('\0')) refuse('has an extended attribute without a proper name');
  return name;
}

// As bytes, not as decodeURIComponent has it: names need not be UTF-8.
function decodeName(name: string): string {
  return name.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function decodeBase64(text: string): Buffer {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    refuse('has an extended attribute that is not base64');
  }
  return Buffer.from(text, 'base64');
}
