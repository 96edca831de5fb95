import type { ReviewDocument } from "../document.js";
import { renderTable } from "./markdown.js";

/**
 * The review for the body of a commit's message, which forges show as the text of a pull request. It is what its author says, and no
 * verdict. No line begins with `#`: git would take it for a comment when the message is edited.
 */
export function renderMessage(review: ReviewDocument): string {
  return `${renderTable(review)}\nWritten by the author of the change, not verified. The verdict: \`secrets review\`\n`.trimEnd();
}
