/** Colours for the lines of a file's hunks, once the worker has them; one worker serves the page. */
import { useEffect, useState } from 'react';
import type { Hunk } from './patch.ts';
import { languageOf, piecesOf, sidesOf, type Asked, type Coloured, type Piece } from './sides.ts';

type Lines = readonly (readonly Piece[] | undefined)[];

let worker: Worker | undefined;
let asked = 0;
const waiting = new Map<number, (answer: Coloured) => void>();

/** By hunk, then by line; `undefined` as long as there are none, and where the language is not known. */
export function useColors(path: string, hunks: readonly Hunk[], wanted: boolean): readonly Lines[] | undefined {
  const [colors, setColors] = useState<readonly Lines[]>();
  const language = languageOf(path);
  useEffect(() => {
    if (!wanted || language === undefined) return;
    let shown = true;
    void color(language, hunks).then((lines) => shown && lines !== undefined && setColors(lines));
    return () => void (shown = false);
  }, [wanted, language, hunks]);
  return colors;
}

async function color(language: string, hunks: readonly Hunk[]): Promise<readonly Lines[] | undefined> {
  const texts = hunks.map(sidesOf).flatMap(({ before, after }) => [before, after]);
  const answer = await ask({ id: ++asked, language, texts });
  if (answer.texts.length !== texts.length) return undefined;
  return hunks.map((hunk, index) => piecesOf(hunk, answer.texts[2 * index] ?? [], answer.texts[2 * index + 1] ?? []));
}

function ask(question: Asked): Promise<Coloured> {
  worker ??= start();
  const { promise, resolve } = Promise.withResolvers<Coloured>();
  waiting.set(question.id, resolve);
  worker.postMessage(question);
  return promise;
}

function start(): Worker {
  const own = new Worker(new URL('./color-worker.ts', import.meta.url), { type: 'module', name: 'colours' });
  own.addEventListener('message', ({ data }: MessageEvent<Coloured>) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  });
  return own;
}
