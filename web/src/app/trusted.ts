/**
 * What may become markup (https://www.w3.org/TR/trusted-types/): nothing; and what may be run: our own files. The kit puts style rules into the page as text of an
 * element, and those hold no `<`; whatever does is refused by the browser, wherever it comes from.
 */
interface TrustedTypes {
  createPolicy: (
    name: string,
    rules: { createHTML: (text: string) => string; createScriptURL: (text: string) => string },
  ) => unknown;
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };

trustedTypes?.createPolicy('default', {
  createHTML(text) {
    if (text.includes('<')) throw new TypeError('text may not become markup here');
    return text;
  },
  createScriptURL(text) {
    const { origin, pathname } = new URL(text, location.href);
    if (origin !== location.origin || !pathname.startsWith('/assets/')) throw new TypeError('no script from elsewhere');
    return text;
  },
});
