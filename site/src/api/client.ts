/** Requests to the service's API, and what can be wrong with their answers. */

import { language as pageLanguage } from "../frame/words.ts";

/** A refusal in the service's own words (RFC 9457). */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  /** The last part of `type`, such as `mail-not-found`. */
  readonly slug: string;
  readonly title: string;
  /** A sentence in the language of the request. */
  readonly detail: string;
  readonly errors: readonly { readonly field: string; readonly message: string }[];
  /** Seconds to wait before another try. */
  readonly retryAfter: number | null;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Readonly<Record<string, unknown>>, retryAfter: number | null) {
    super(`${status}`);
    this.status = status;
    this.slug = text(body["type"]).split("/").pop() ?? "";
    this.title = text(body["title"]);
    this.detail = text(body["detail"]);
    this.errors = Array.isArray(body["errors"]) ? (body["errors"] as { field: string; message: string }[]) : [];
    this.retryAfter = retryAfter;
    this.body = body;
  }
}

/** No answer of the service: no network, too late, or the words of something that stands between. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly reason: "offline" | "timeout" | "foreign";

  constructor(reason: "offline" | "timeout" | "foreign") {
    super(reason);
    this.reason = reason;
  }
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  /** Seconds to wait before the next request, where the service asks for it. */
  readonly retryAfter: number | null;
  /** The service's clock in milliseconds of Unix time; NaN where the answer does not say. */
  readonly at: number;
  /** The entity tag, where the answer has one: with it, `unless` asks for news alone. */
  readonly tag?: string;
}

export interface Options {
  readonly body?: unknown;
  /** The access token of one mail. */
  readonly token?: string;
  readonly signal?: AbortSignal;
  /** How long to wait for the whole answer; 30 seconds unless said. */
  readonly milliseconds?: number;
  readonly language?: string;
  /** `default` for public answers that the browser may keep; every other answer is kept nowhere. */
  readonly cache?: "default" | "no-store";
  /** Whether the browser sends the cookie of who is signed in, which no script can read. */
  readonly signedIn?: boolean;
  /** The tag of the answer at hand: where nothing changed, the answer is 304 and has no body. */
  readonly unless?: string;
  /** The tag of the version that a change rests on: a change made since is not overwritten. */
  readonly match?: string;
  /** What this request is known by when it is sent again: where its answer was lost, it is not carried out twice. */
  readonly key?: string;
}

export type Ask = <T>(method: string, path: `/v1/${string}`, options?: Options) => Promise<Answer<T>>;

/**
 * Send a request. Throws `Problem` for a refusal of the service, `NoAnswer` where none of its answers came, and an
 * `AbortError` where `signal` was aborted.
 */
export const ask: Ask = async <T>(method: string, path: `/v1/${string}`, options: Options = {}): Promise<Answer<T>> => {
  const stopper = new AbortController();
  const clock = setTimeout(() => stopper.abort(), options.milliseconds ?? 30_000);
  const stop = (): void => stopper.abort();
  options.signal?.addEventListener("abort", stop);
  try {
    if (options.signal?.aborted) {
      throw new DOMException("", "AbortError");
    }
    const response = await fetch(path, {
      method,
      cache: options.cache ?? "no-store",
      credentials: options.signedIn === true ? "same-origin" : "omit",
      redirect: "error",
      signal: stopper.signal,
      headers: {
        "Accept-Language": options.language ?? pageLanguage,
        ...(options.body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` }),
        ...(options.unless === undefined ? {} : { "If-None-Match": options.unless }),
        ...(options.match === undefined ? {} : { "If-Match": options.match }),
        ...(options.key === undefined ? {} : { "Idempotency-Key": options.key }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    return await answerOf<T>(response);
  } catch (error) {
    if (error instanceof Problem || error instanceof NoAnswer) {
      throw error;
    }
    if (options.signal?.aborted) {
      throw new DOMException("", "AbortError");
    }
    throw new NoAnswer(stopper.signal.aborted ? "timeout" : "offline");
  } finally {
    clearTimeout(clock);
    options.signal?.removeEventListener("abort", stop);
  }
};

/** A random text of so many bytes, such as the key of a request; older browsers have no `randomUUID`. */
export function randomText(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether the same request may well succeed a little later, so that it is worth sending again by itself. */
export function passes(error: unknown): boolean {
  return error instanceof NoAnswer || (error instanceof Problem && (error.status === 429 || error.status >= 500));
}

async function answerOf<T>(response: Response): Promise<Answer<T>> {
  const seconds = Number(response.headers.get("Retry-After") ?? "");
  const retryAfter = seconds > 0 ? seconds : null;
  const type = (response.headers.get("Content-Type") ?? "").toLowerCase();
  const at = clockOf(response);
  if (response.status === 204 || response.status === 304) {
    return { status: response.status, body: undefined as T, retryAfter, at };
  }
  const words = await response.text();
  if (response.status === 202 && words === "" && response.headers.has("X-Request-Id")) {
    // The service took it and has nothing to say. What stands between gives its answers no such name.
    return { status: response.status, body: undefined as T, retryAfter, at };
  }
  const body = type.includes("json") ? parsed(words) : undefined;
  if (response.ok && body !== undefined) {
    const tag = response.headers.get("ETag");
    return { status: response.status, body: body as T, retryAfter, at, ...(tag === null ? {} : { tag }) };
  }
  if (isRecord(body) && text(body["type"]).startsWith("/problems/")) {
    throw new Problem(response.status, body, retryAfter);
  }
  // The gateway's own 429 and 503 and the distribution's 502 and 504 have no problem document, but mean the service.
  if ([429, 502, 503, 504].includes(response.status)) {
    throw new Problem(response.status, {}, retryAfter ?? 1);
  }
  throw new NoAnswer("foreign");
}

function parsed(words: string): unknown {
  try {
    return JSON.parse(words);
  } catch {
    return undefined;
  }
}

function clockOf(response: Response): number {
  return new Date(response.headers.get("Date") ?? Number.NaN).getTime();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
