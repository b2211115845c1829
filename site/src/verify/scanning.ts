/** From a QR code to the code of a receipt: by the camera or from a photo. */
import type { WordKey } from "../frame/words.ts";
import { cameraStream, lookFor, NoCamera, stopStream } from "./camera.ts";
import { scannedCode } from "./code.ts";
import { NotLoaded, pictureOf, qrReader, UnreadablePicture } from "./qr.ts";

export type CameraState = "off" | "starting" | "looking";

interface Listener {
  readonly changed: () => void;
  readonly found: (code: string) => void;
  /** The element that shows what the camera sees; there once `changed` was heard. */
  readonly video: () => HTMLVideoElement | null;
}

export class Scanning {
  readonly #listener: Listener;
  #stopper = new AbortController();
  #stream: MediaStream | null = null;
  camera: CameraState = "off";
  /** Why there is no code. */
  problem: WordKey | null = null;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** Start the camera; only after a press. */
  async start(): Promise<void> {
    this.stop();
    const stopper = new AbortController();
    this.#stopper = stopper;
    const isOver = (): boolean => stopper.signal.aborted;
    this.#show("starting", null);
    try {
      const reader = await qrReader();
      const stream = await cameraStream();
      if (isOver()) {
        stopStream(stream);
        return;
      }
      this.#stream = stream;
      this.#show("looking", null);
      const video = this.#listener.video();
      if (!video) throw new NoCamera("none");
      video.srcObject = stream;
      await video.play();
      const content = await lookFor(video, reader, stopper.signal);
      if (isOver()) return;
      this.stop();
      this.#take(content);
    } catch (error) {
      if (isOver()) return;
      this.stop();
      this.#show("off", problemOf(error));
    }
  }

  /** Stop the camera: its light goes out. */
  stop(): void {
    this.#stopper.abort();
    if (this.#stream) stopStream(this.#stream);
    this.#stream = null;
    if (this.camera !== "off") this.#show("off", this.problem);
  }

  /** Read the code in a photo; false where it has none. */
  async read(photo: Blob): Promise<boolean> {
    this.stop();
    this.#show("off", null);
    try {
      const picture = await pictureOf(photo);
      const content = await (await qrReader())(picture);
      picture.close();
      return this.#take(content);
    } catch (error) {
      this.#show("off", problemOf(error));
      return false;
    }
  }

  forget(): void {
    this.problem = null;
  }

  #take(content: string | null): boolean {
    const scanned = content === null ? null : scannedCode(content);
    if (scanned !== null && typeof scanned === "object") {
      this.#listener.found(scanned.code);
      return true;
    }
    this.#show("off", scanned === null ? "verify.photo_without_code" : scanned === "slip" ? "verify.qr_of_slip" : "verify.qr_of_others");
    return false;
  }

  #show(camera: CameraState, problem: WordKey | null): void {
    this.camera = camera;
    this.problem = problem;
    this.#listener.changed();
  }
}

function problemOf(error: unknown): WordKey {
  if (error instanceof NotLoaded) return "verify.scan_not_loaded";
  if (error instanceof UnreadablePicture) return "verify.photo_unreadable";
  if (error instanceof NoCamera) return error.reason === "refused" ? "verify.scan_refused" : "verify.scan_none";
  return "verify.scan_none";
}
