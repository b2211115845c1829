/** What is loaded once the first field takes letters: files, the further steps, and the receipt. */

export { attachments } from "./attach.ts";
export { Attaching } from "./attaching.ts";
export { contactFields } from "./contact.ts";
export { ReceiptStep } from "./receipt-step.ts";
export { reviewView } from "./review.ts";
export { Submitting } from "./submitting.ts";
