/** The engine of the preview: a worker of the frame that reads PDF, JPEG and PNG, and draws one page at a time. */

import { getDocument, type PDFDocumentProxy, type RenderTask } from "pdfjs-dist/legacy/build/pdf.mjs";
// Its parser runs in this same worker: the frame ends both at once.
import "pdfjs-dist/legacy/build/pdf.worker.mjs";
import { kindOf } from "./kinds.ts";
import { isDecodable, MOST_POINTS, scaleOf } from "./limits.ts";
import type { FromEngine, Refusal, ToEngine } from "./messages.ts";

interface Shown {
  readonly pages: number;
  /** Null where a later call replaced this one. */
  draw(page: number, width: number): Promise<ImageBitmap | null>;
}

class Refused extends Error {
  override readonly name = "Refused";
  readonly reason: Refusal;

  constructor(reason: Refusal) {
    super(reason);
    this.reason = reason;
  }
}

class Pdf implements Shown {
  readonly #document: PDFDocumentProxy;
  #task: RenderTask | null = null;
  #turn = 0;

  constructor(document: PDFDocumentProxy) {
    this.#document = document;
  }

  get pages(): number {
    return this.#document.numPages;
  }

  async draw(number: number, width: number): Promise<ImageBitmap | null> {
    this.#task?.cancel();
    const turn = ++this.#turn;
    const page = await this.#document.getPage(number);
    if (turn !== this.#turn) {
      return null;
    }
    const scale = scaleOf(page.getViewport({ scale: 1 }), width);
    if (scale === null) {
      throw new Refused("unreadable");
    }
    const viewport = page.getViewport({ scale });
    const canvas = new OffscreenCanvas(Math.max(1, Math.floor(viewport.width)), Math.max(1, Math.floor(viewport.height)));
    // A worker has no canvas of a document, and pdf.js asks for none.
    this.#task = page.render({ canvas: canvas as unknown as HTMLCanvasElement, viewport });
    try {
      await this.#task.promise;
    } catch (error) {
      if (turn === this.#turn) {
        throw error;
      }
      return null;
    } finally {
      page.cleanup();
    }
    return canvas.transferToImageBitmap();
  }
}

class Picture implements Shown {
  readonly pages = 1;
  readonly #file: Blob;

  constructor(file: Blob) {
    this.#file = file;
  }

  async draw(_page: number, width: number): Promise<ImageBitmap> {
    const decoded = await createImageBitmap(this.#file);
    const scale = Math.min(1, scaleOf(decoded, width) ?? 1);
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(decoded.width * scale)), Math.max(1, Math.round(decoded.height * scale)));
    canvas.getContext("2d")?.drawImage(decoded, 0, 0, canvas.width, canvas.height);
    decoded.close();
    return canvas.transferToImageBitmap();
  }
}

/** Canvases where there is no document. */
class Canvases {
  create(width: number, height: number): { canvas: OffscreenCanvas; context: OffscreenCanvasRenderingContext2D | null } {
    const canvas = new OffscreenCanvas(width, height);
    return { canvas, context: canvas.getContext("2d", { willReadFrequently: true }) };
  }

  reset({ canvas }: { canvas: OffscreenCanvas }, width: number, height: number): void {
    Object.assign(canvas, { width, height });
  }

  destroy(made: { canvas: OffscreenCanvas | null; context: unknown }): void {
    Object.assign(made.canvas ?? {}, { width: 0, height: 0 });
    Object.assign(made, { canvas: null, context: null });
  }

  getNoAlphaContext(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D | null {
    return canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  }
}

/** Filters are SVG, which a worker lacks: a page that uses one is drawn without it. */
class NoFilters {
  addFilter = none;
  addHCMFilter = none;
  addAlphaFilter = none;
  addLuminosityFilter = none;
  addKnockoutFilter = none;
  addHighlightHCMFilter = none;
  addSelectionHCMFilter = none;
  addSelectionFilter = none;
  createSelectionStyle = (): null => null;
  destroy = (): void => undefined;
}

function none(): string {
  return "none";
}

async function shownOf(bytes: Uint8Array<ArrayBuffer>, decoders: string): Promise<Shown> {
  const kind = kindOf(bytes);
  if (!kind) {
    throw new Refused("unreadable");
  }
  if (kind.type === "application/pdf") {
    return new Pdf(await pdfOf(bytes, decoders));
  }
  if (!isDecodable(kind.size)) {
    throw new Refused("too-large");
  }
  return new Picture(new Blob([bytes], { type: kind.type }));
}

/** No script of the file runs: pdf.js leaves that, links and forms to viewers, and this is none. */
function pdfOf(data: Uint8Array, decoders: string): Promise<PDFDocumentProxy> {
  return getDocument({
    data,
    enableXfa: false,
    disableAutoFetch: true,
    maxImageSize: MOST_POINTS,
    // the frame's policy lets no WebAssembly run: pictures of JBIG2 and JPEG 2000 are decoded by scripts
    useWasm: false,
    wasmUrl: decoders,
    useWorkerFetch: false,
    // fonts are all that it needs of a document
    ownerDocument: { fonts: (globalThis as unknown as { fonts: FontFaceSet }).fonts } as HTMLDocument,
    CanvasFactory: Canvases,
    FilterFactory: NoFilters,
    disableWorkerRendering: true,
    verbosity: 0,
  }).promise;
}

let shown: Shown | null = null;

async function answer(data: ToEngine): Promise<void> {
  if (data.kind === "open") {
    shown = await shownOf(new Uint8Array(data.bytes), data.decoders);
    tell({ kind: "opened", pages: shown.pages });
    return;
  }
  const bitmap = await shown?.draw(data.page, data.width);
  if (bitmap) {
    tell({ kind: "drawn", id: data.id, bitmap }, [bitmap]);
  }
}

function tell(message: FromEngine, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}

addEventListener("message", ({ data }: MessageEvent<ToEngine>) => {
  answer(data).catch((error: unknown) => tell({ kind: "refused", reason: error instanceof Refused ? error.reason : "unreadable" }));
});
