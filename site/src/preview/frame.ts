/**
 * The frame of the preview: a document of opaque origin that shows one file, and starts the engine that reads it.
 *
 * It takes its first message from the desk around it, and everything else over the port that came with that message.
 */

import type { Draw, FromEngine, FromFrame, Open, ToEngine, ToFrame } from "./messages.ts";

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): { createScriptURL(address: string): unknown };
}

const canvas = document.querySelector("canvas");
const scroller = document.querySelector("main");

function isOpen(event: MessageEvent<unknown>): event is MessageEvent<Open> {
  // The frame's own origin is opaque, and its address is the desk's.
  const fromDesk = event.source === parent && event.origin === new URL(location.href).origin;
  return fromDesk && event.ports.length === 1 && (event.data as Open | null)?.kind === "open";
}

function begin({ data, ports }: MessageEvent<Open>): void {
  const [port] = ports;
  const engine = startEngine(data.engine);
  const tell = (message: FromFrame): void => port?.postMessage(message);
  const ask = (message: ToEngine, transfer: Transferable[] = []): void => engine.postMessage(message, transfer);
  engine.addEventListener("message", ({ data: said }: MessageEvent<FromEngine | { readonly kind?: undefined }>) => {
    if (said.kind === "drawn") {
      showBitmap(said.bitmap);
      tell({ kind: "drawn", id: said.id });
    } else if (said.kind) {
      tell(said); // pdf.js says things of its own, which have no kind
    }
  });
  engine.addEventListener("error", () => tell({ kind: "refused", reason: "unreadable" }));
  port?.addEventListener("message", ({ data: asked }: MessageEvent<ToFrame>) => {
    if (asked.kind === "ping") {
      tell({ kind: "pong" });
    } else {
      ask({ kind: "draw", id: asked.id, page: asked.page, width: prepare(asked) });
    }
  });
  port?.start();
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") {
      tell({ kind: "escape" });
    }
  });
  ask({ kind: "open", bytes: data.bytes, decoders: new URL("assets/decoders/", location.href).href }, [data.bytes]);
}

function startEngine(source: string): Worker {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  const policy = policies?.createPolicy("preview", { createScriptURL: (text) => (text === address ? text : "") });
  // A classic one: a module is fetched with CORS, which an opaque origin's own blobs do not pass.
  return new Worker((policy ? policy.createScriptURL(address) : address) as string);
}

/** The width of the drawing in points of the screen. */
function prepare({ zoom, label }: Draw): number {
  canvas?.setAttribute("aria-label", label);
  const width = (scroller?.clientWidth ?? innerWidth) * zoom;
  canvas?.style.setProperty("inline-size", `${zoom * 100}%`);
  return Math.round(width * Math.min(devicePixelRatio, 3));
}

function showBitmap(bitmap: ImageBitmap): void {
  if (canvas) {
    Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
    canvas.getContext("bitmaprenderer")?.transferFromImageBitmap(bitmap);
    canvas.hidden = false;
    scroller?.scrollTo(0, 0);
  }
}

function listen(event: MessageEvent<unknown>): void {
  if (isOpen(event)) {
    removeEventListener("message", listen);
    begin(event);
  }
}

addEventListener("message", listen);
