/** Builds the dashboard of `web/` into `dist/web`, from where `orbit serve` hands it out. */
import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'vite';

/** Where `npm run dev:web` finds a server: the address that `orbit serve` prints. */
const server = process.env['ORBIT_SERVER'] ?? 'http://127.0.0.1:4870';

const config: UserConfig = defineConfig({
  root: 'web',
  plugins: [react()],
  resolve: { alias: ownParts() },
  // The diff library looks up languages and themes itself everywhere but in its own worker; ours is not that one.
  define: { __DIFFS_WORKER__: 'false' },
  worker: { format: 'es' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    // An inlined asset would be a `data:` address, which the content policy allows for images only.
    assetsInlineLimit: 0,
    // Chunks of views are fetched from the same machine: sizes matter less than one request more.
    chunkSizeWarningLimit: 1_000,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': { target: server, changeOrigin: true } } },
});

export default config;

/**
 * What stands in for parts of the diff library: of three hundred languages those that we ship, of sixty themes none but its own two,
 * and nothing for what needs WebAssembly.
 */
function ownParts(): { find: RegExp; replacement: string }[] {
  const file = (name: string): string => new URL(`web/src/views/change/${name}`, import.meta.url).pathname;
  const leftOut = [
    /^\.\/collections\/shiki\.js$/,
    /^\.\/backends\/highlights\.js$/,
    /^@pierre\/highlights\/themes\/loader$/,
    /^shiki\/(?:engine\/oniguruma|wasm)$/,
  ];
  return [
    { find: /^shiki\/langs$/, replacement: file('languages.ts') },
    ...leftOut.map((find) => ({ find, replacement: file('left-out.ts') })),
  ];
}
