/** The verification page. */

import { ask } from "./api/client.ts";
import { createHasher } from "./files/hash.ts";
import { afterwards, byId, focusOn, keepPlaceAcrossLanguages, show, takeFragment } from "./frame/page.ts";
import { takeOver } from "./frame/taking-over.ts";
import { trustedScript } from "./frame/trusted.ts";
import { pageData } from "./frame/words.ts";
import { createService } from "./proof/service.ts";
import { Checking } from "./verify/checking.ts";
import { typedCode } from "./verify/code.ts";
import { Scanning } from "./verify/scanning.ts";
import { type Actions, verifyView } from "./verify/view.ts";

const hasher = createHasher(() => new Worker(trustedScript(pageData().workers["hash-worker"] ?? ""), { type: "module" }));

const checking = new Checking({
  service: createService(ask, (...request) => fetch(...request)),
  verifier: async () => (await import("./proof/cms.ts")).signatureOf,
  digest: (file, progress) => hasher.digest(file, { signal: new AbortController().signal, progress }),
  changed: draw,
});

const scanning = new Scanning({
  changed: draw,
  found: (code) => verify(code),
  video: () => document.querySelector<HTMLVideoElement>("#viewfinder"),
});

const actions: Actions = {
  verify(event) {
    event.preventDefault();
    verify(field().value);
  },
  retry: () => run(() => checking.retry()),
  scan: () => void scanning.start(),
  stopScan: () => scanning.stop(),
  photo(files) {
    const [photo] = files;
    // A receipt's PDF says more than a picture of its QR code: it is checked as one that was dropped.
    if (photo?.type === "application/pdf") void checkFiles(files);
    else if (photo) void scanning.read(photo);
  },
  files: (files) => void checkFiles(files),
  alone: (file) => run(() => checking.check([file], true)),
};

function draw(): void {
  show(verifyView({ state: checking.state, camera: scanning.camera, scanned: scanning.problem }, actions));
}

const field = (): HTMLInputElement => byId("code") as HTMLInputElement;

function verify(code: string): void {
  scanning.stop();
  field().value = code;
  run(() => checking.askFor(code));
}

async function checkFiles(files: readonly File[]): Promise<void> {
  const [only] = files;
  // A photograph of a receipt, where nothing is there to compare it with: its QR code says which it is.
  const isPhoto = files.length === 1 && only !== undefined && only.type.startsWith("image/") && !checking.state.subject;
  if (isPhoto && (await scanning.read(only))) return;
  run(() => checking.check(files));
}

/** Do it, then move the focus to what it came to. */
function run(work: () => Promise<void>): void {
  scanning.forget();
  void work().then(() => {
    const { trouble, files, subject } = checking.state;
    if (trouble === "missing" || trouble === "malformed") field().focus();
    else if (files.length || subject || trouble === "unknown") focusOn("#verdict");
  });
}

function fromLink(): void {
  const [code] = takeFragment();
  if (code) verify(code);
}

takeOver(draw);
fromLink();
addEventListener("hashchange", fromLink);
// The camera never goes on unseen, and a page that comes back from the browser's cache has none.
addEventListener("pagehide", () => scanning.stop());
document.addEventListener("visibilitychange", () => {
  if (document.hidden) scanning.stop();
});
// A file that misses its place must not replace the page.
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  if (!event.defaultPrevented) {
    event.preventDefault();
    actions.files(Array.from(event.dataTransfer?.files ?? []));
  }
});
keepPlaceAcrossLanguages(() => {
  const code = checking.state.subject?.code ?? typedCode(field().value);
  // No secret: the code stands on the receipt. The page in the other language takes it out of the address again.
  if (code) history.replaceState(history.state, "", `#${encodeURIComponent(code)}`);
  return Promise.resolve();
});
afterwards();
