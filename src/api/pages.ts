/**
 * The built dashboard: one page, and what it loads.
 *
 * Owns what a browser may do with it: a strict content policy, with one nonce per answer for the styles that the page's kit makes.
 * Only files that were there at the start are answered, so that no path leads anywhere else.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
};

export function pages(app: OpenAPIHono, folder: string | null): void {
  const files = folder === null ? new Map<string, string>() : filesIn(folder);
  const page = files.get('/index.html');
  app.get('*', ({ req }) => {
    const path = new URL(req.url).pathname;
    const file = path === '/index.html' ? undefined : files.get(path);
    if (file !== undefined) {
      const isLasting = path.startsWith('/assets/');
      return new Response(readFileSync(file), {
        headers: {
          'Content-Type': types[extname(file)] ?? 'application/octet-stream',
          'Cache-Control': isLasting ? 'public, max-age=31536000, immutable' : 'no-cache',
        },
      });
    }
    if (extname(path) !== '') return new Response('not found', { status: 404, headers: plain });
    const nonce = randomBytes(16).toString('base64');
    const html = page === undefined ? bare : readFileSync(page, 'utf8').replaceAll('__NONCE__', nonce);
    return new Response(html, {
      headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy(nonce) },
    });
  });
}

/** https://www.w3.org/TR/CSP3/. Workers come from files of our own; styles of elements are set by script, which needs no exception. */
function policy(nonce: string): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ');
}

const plain = { 'Content-Type': 'text/plain; charset=utf-8' };

const bare =
  '<!doctype html><html lang="en"><title>Orbit</title><link rel="icon" href="data:,"><p>The dashboard was not built: npm run build. The API is at /api.</p></html>';

function filesIn(folder: string): Map<string, string> {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return new Map(
      entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => [`/${relative(folder, file).split(sep).join('/')}`, file]),
    );
  } catch {
    return new Map();
  }
}
