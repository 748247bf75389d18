/**
 * Colours code, off the page's own thread.
 *
 * Only the highlighter of the diff library is used: what it draws itself carries style attributes and style elements, which the
 * content policy forbids. The page sets colours as properties, which it allows.
 */
import { getSharedHighlighter } from '@pierre/diffs';
import { readable } from './readable.ts';
import type { Asked, Coloured, Piece } from './sides.ts';

const themes = { light: 'pierre-light', dark: 'pierre-dark' } as const;

self.addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  void color(data).then(
    (answer) => self.postMessage(answer),
    // What cannot be coloured stays as it is.
    () => self.postMessage({ id: data.id, texts: [] } satisfies Coloured),
  );
});

async function color({ id, language, texts }: Asked): Promise<Coloured> {
  const own = await getSharedHighlighter({
    themes: Object.values(themes),
    langs: [language],
    // In regular expressions of JavaScript: the others need WebAssembly, which the policy forbids too.
    preferredHighlighter: 'shiki-js',
  });
  return {
    id,
    texts: texts.map((text) =>
      own
        .codeToTokens(text, {
          lang: language,
          themes,
          defaultColor: false,
          tokenizeMaxLineLength: 1_000,
          tokenizeTimeLimit: 0,
        })
        .tokens.map((line) =>
          line.map(({ content, htmlStyle }): Piece => {
            const of: Readonly<Record<string, string>> = typeof htmlStyle === 'object' ? htmlStyle : {};
            return [
              content,
              readable(of['--shiki-light'] ?? 'inherit', 'light'),
              readable(of['--shiki-dark'] ?? 'inherit', 'dark'),
            ];
          }),
        ),
    ),
  };
}
