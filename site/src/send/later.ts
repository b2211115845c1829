/** What is loaded once the first field takes letters: the way to the server, files, the further steps, and the receipt. */

export { letterFaults, senderFaults } from "../draft/fields.ts";
export { Server } from "../draft/server.ts";
export { attachments } from "./attach.ts";
export { Attaching } from "./attaching.ts";
export { contactFields } from "./contact.ts";
export { errorsByField, faultInWords } from "./faults.ts";
export { missingInWords } from "./missing.ts";
export { ReceiptStep } from "./receipt-step.ts";
export { reviewView } from "./review.ts";
export { Submitting } from "./submitting.ts";
