/** The camera, looking for a QR code. It starts only when somebody pressed for it, and stops as soon as it can. */
import type { ReadQr } from "./qr.ts";

/** Why there is no picture: not allowed, or none there. */
export class NoCamera extends Error {
  readonly reason: "refused" | "none";

  constructor(reason: "refused" | "none") {
    super(reason);
    this.reason = reason;
  }
}

const MILLISECONDS_BETWEEN_LOOKS = 200;

/** The stream of the camera that looks away from the reader, where there are two. Throws NoCamera. */
export async function cameraStream(): Promise<MediaStream> {
  // Absent on pages without TLS, and in browsers inside other apps.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new NoCamera("none");
  try {
    return await devices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 1280 } } });
  } catch (error) {
    throw new NoCamera(error instanceof DOMException && error.name === "NotAllowedError" ? "refused" : "none");
  }
}

export function stopStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** Look at the video until something is found or `signal` ends it; null then. */
export async function lookFor(video: HTMLVideoElement, read: ReadQr, signal: AbortSignal): Promise<string | null> {
  while (!signal.aborted) {
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      const found = await read(video).catch(() => null);
      if (found !== null) return found;
    }
    await new Promise((resolve) => setTimeout(resolve, MILLISECONDS_BETWEEN_LOOKS));
  }
  return null;
}
