/** Owns the one number that names this build. A constant, because reading package.json would cost every command a file. */

/** The package's version; `test/package.test.ts` keeps it equal to package.json. */
export const version: string = '0.1.0';
