/** The word by which the content policy lets style elements through; the server writes a new one into each page. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? '';

// What locks scrolling behind dialogs makes style elements of its own, and asks for the word under this name.
Object.assign(globalThis, { __webpack_nonce__: nonce });
