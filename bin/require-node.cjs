// Runs before every build: stops with one line where the development Node is missing, because what follows would fail in the
// middle with a message about something else. The cause is an install that skipped install scripts.
'use strict';

const parts = process.versions.node.split('.');
if (+parts[0] < 24 || (+parts[0] === 24 && +parts[1] < 15)) {
  process.stderr.write(
    `orbit: building needs Node.js 24.15 or later, found ${process.versions.node}; run: npm rebuild node\n`,
  );
  process.exit(1);
}
