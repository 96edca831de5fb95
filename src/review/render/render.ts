import type { ReviewDocument } from "../document.js";
import { renderGithub, renderGitlab, renderJson, renderSarif } from "./machine.js";
import { renderMarkdown } from "./markdown.js";
import { renderText } from "./text.js";

export const reviewFormats = ["text", "md", "summary", "json", "sarif", "gitlab", "github"] as const;
export type ReviewFormat = (typeof reviewFormats)[number];

/** A step summary of GitHub holds 1 MiB; another step may have written to it too. */
const summaryBytes = 900 * 1024;

export interface RenderOptions {
  readonly version: string;
  /** The most bytes of Markdown; what a comment holds when left out. */
  readonly maxBytes?: number | undefined;
  /** Columns of the terminal, for text. */
  readonly width?: number | undefined;
}

/**
 * A review in one of the formats, without a line feed at its end. Everything in it may come from the branch under review: in no
 * format does it reach a terminal, a log, a page or a parser as anything but text.
 */
export function renderReview(review: ReviewDocument, format: ReviewFormat, options: RenderOptions): string {
  switch (format) {
    case "text":
      return renderText(review, options.width);
    case "md":
      return renderMarkdown(review, options.maxBytes).trimEnd();
    case "summary":
      return renderMarkdown(review, summaryBytes).trimEnd();
    case "json":
      return renderJson(review);
    case "sarif":
      return renderSarif(review, options.version);
    case "gitlab":
      return renderGitlab(review);
    case "github":
      return renderGithub(review);
  }
}
