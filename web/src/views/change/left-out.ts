/** Stands in for what the page never asks of the diff library: other themes, and highlighters in WebAssembly. */
export const shikiThemes: readonly never[] = [];
export const themes: Readonly<Record<string, never>> = {};
export const HighlightsHighlighter: undefined = undefined;
export const createOnigurumaEngine: undefined = undefined;
