/** @file Writes objects as a PDF file (ISO 32000-1, 7.3 to 7.5). */

import { deflateSync } from "node:zlib";

/** The number of an object. */
export type Ref = number;

/** As an object names another. */
export const named = (ref: Ref): string => `${ref} 0 R`;

export class PdfFile {
  private readonly objects: Uint8Array[] = [];

  /** Adds an object: a dictionary, or any other value. */
  add(value: string): Ref {
    return this.objects.push(Buffer.from(value, "latin1"));
  }

  /** Adds a stream of which `entries` are the dictionary's entries. It is deflated unless the entries name a filter. */
  addStream(entries: string, bytes: Uint8Array): Ref {
    const isEncoded = entries.includes("/Filter");
    const body = isEncoded ? bytes : deflateSync(bytes);
    const filter = isEncoded ? "" : " /Filter /FlateDecode";
    const head = `<< ${entries}${filter} /Length ${body.length} >>\nstream\n`;
    return this.objects.push(Buffer.concat([Buffer.from(head, "latin1"), body, Buffer.from("\nendstream")]));
  }

  /** The number that the next object will get. */
  get next(): Ref {
    return this.objects.length + 1;
  }

  /** The whole file, with the objects of its root and of the facts about it. */
  bytes(root: Ref, info: Ref): Uint8Array {
    // Bytes above 127 mark the file as binary.
    const parts: Uint8Array[] = [Buffer.from("%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n", "latin1")];
    let at = parts[0]!.length;
    const offsets = this.objects.map((object, i) => {
      const whole = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), object, Buffer.from("\nendobj\n")]);
      parts.push(whole);
      at += whole.length;
      return at - whole.length;
    });
    const entries = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`);
    const table = `xref\n0 ${entries.length + 1}\n0000000000 65535 f \n${entries.join("")}`;
    const trailer = `trailer\n<< /Size ${entries.length + 1} /Root ${named(root)} /Info ${named(info)} >>\n`;
    parts.push(Buffer.from(`${table}${trailer}startxref\n${at}\n%%EOF\n`));
    return Buffer.concat(parts);
  }
}
