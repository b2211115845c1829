/** What the desk, the frame of the preview and its engine say to each other. */

/** The first message to the frame. A port comes with it, over which they say everything else. */
export interface Open {
  readonly kind: "open";
  /** The source of the engine: the frame itself may fetch nothing. */
  readonly engine: string;
  readonly bytes: ArrayBuffer;
}

/** Draw a page, the first of which is 1, as wide as the frame times `zoom`. */
export interface Draw {
  readonly kind: "draw";
  readonly id: number;
  readonly page: number;
  readonly zoom: number;
  /** The drawing's name for screen readers. */
  readonly label: string;
}

export type ToFrame = Draw | { readonly kind: "ping" };

/** Why nothing is shown: too many points, or no PDF, JPEG or PNG that can be read. */
export type Refusal = "too-large" | "unreadable";

export type FromFrame =
  | { readonly kind: "opened"; readonly pages: number }
  | { readonly kind: "drawn"; readonly id: number }
  | { readonly kind: "refused"; readonly reason: Refusal }
  | { readonly kind: "pong" }
  | { readonly kind: "escape" };

export type ToEngine =
  | { readonly kind: "open"; readonly bytes: ArrayBuffer; /** The address of the decoders, which ends in a slash. */ readonly decoders: string }
  | { readonly kind: "draw"; readonly id: number; readonly page: number; /** In points of the screen. */ readonly width: number };

export type FromEngine =
  | Exclude<FromFrame, { kind: "drawn" | "pong" | "escape" }>
  | { readonly kind: "drawn"; readonly id: number; readonly bitmap: ImageBitmap };

/** A message of the frame, or null: what handles a hostile file may say anything. */
export function fromFrame(data: unknown): FromFrame | null {
  const said = (typeof data === "object" && data !== null ? data : {}) as Readonly<Record<string, unknown>>;
  const { kind, pages, id, reason } = said;
  switch (kind) {
    case "opened":
      return isCount(pages) ? { kind, pages } : null;
    case "drawn":
      return isCount(id) ? { kind, id } : null;
    case "refused":
      return reason === "too-large" || reason === "unreadable" ? { kind, reason } : null;
    case "pong":
    case "escape":
      return { kind };
    default:
      return null;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
