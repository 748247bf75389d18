/** Says once what is not tested where no browser is there. */
import { findBrowser } from './launch.ts';

export default function setup(): void {
  if (findBrowser() === null) {
    process.stderr.write('not tested: the dashboard, because no Chromium is here (apt-get install chromium)\n');
  }
}
