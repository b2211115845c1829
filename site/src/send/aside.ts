/** What stands beside the letter, and is loaded after it: whose the device is, erasing, the phone, and coming back. */

export { continued, drafts } from "./resuming.ts";
export { Tools } from "./tools.ts";
