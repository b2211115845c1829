/** The one policy of the pages beside lit-html's: it lets the addresses of our own workers pass, and nothing else. */

interface Policy {
  createScriptURL(address: string): unknown;
}
interface Policies {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): Policy;
}

const OURS = /^\/(?:assets\/[a-z]+(?:-[a-z]+)*-[A-Z0-9]{8}\.js|service-worker\.js)$/;

let policy: Policy | undefined;

/** The address of a script of ours, as `Worker` and `serviceWorker.register` take it. Throws TypeError for any other. */
export function trustedScript(address: string): string {
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  policy ??= policies?.createPolicy("site", { createScriptURL: own });
  // Browsers without Trusted Types take the text itself.
  return (policy ? policy.createScriptURL(address) : own(address)) as string;
}

function own(address: string): string {
  if (!OURS.test(address)) {
    throw new TypeError("not a script of this site");
  }
  return address;
}
