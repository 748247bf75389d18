/**
 * What is run inside a page, as text: these programs belong to the browser, whose words this side does not know.
 *
 * Each answers milliseconds of the page's own clock.
 */

/** When something was first painted, from the page's start. */
export const drawn = `(async () => {
  const first = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
  while (first() === undefined) await new Promise((look) => requestAnimationFrame(look));
  return first();
})()`;

/** When the first row of the list stood there, from the page's start. */
export const shown = `(async () => {
  while (document.querySelector('[role=gridcell]') === null) await new Promise((look) => requestAnimationFrame(look));
  return performance.now();
})()`;

/** How long a bare request takes until its answer is read. */
export function request(path: string): string {
  return `(async () => {
    const start = performance.now();
    await (await fetch(${JSON.stringify(path)}, { cache: 'no-store' })).json();
    return performance.now() - start;
  })()`;
}

/** Makes a task with this title: when the server had it (`told`), and when its row stood there (`shown`). */
export function click(title: string): string {
  return `(async () => {
    const start = performance.now();
    const stands = new Promise((found) => {
      const look = () => document.querySelector('main').textContent.includes(${JSON.stringify(title)}) && (observer.disconnect(), found());
      const observer = new MutationObserver(look);
      observer.observe(document.querySelector('main'), { childList: true, subtree: true, characterData: true });
    });
    const body = JSON.stringify({ plan: '001', title: ${JSON.stringify(title)} });
    await fetch('/api/tasks', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const told = performance.now() - start;
    await stands;
    return { told, shown: performance.now() - start };
  })()`;
}

/** Times between 120 frames, two seconds of a screen of 60 Hz, while something moves by as much as a quick hand does. */
export function frames(what: 'scroll' | 'pan' | 'nothing'): string {
  const moves = {
    scroll: `const list = document.querySelector('[role=rowgroup]'); const move = () => list.scrollBy({ top: 160 });`,
    pan: `const canvas = document.querySelector('main canvas'); const box = canvas.getBoundingClientRect();
      const at = (type, count) => canvas.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1, button: 0, buttons: 1,
        clientX: box.left + 600 - 9 * (count % 40), clientY: box.top + 300 + 4 * (count % 40) }));
      canvas.setPointerCapture = () => {}; at('pointerdown', 0);
      const move = (count) => at('pointermove', count);`,
    nothing: 'const move = () => {};',
  };
  return `(async () => {
    ${moves[what]}
    const times = [];
    let before = await new Promise((next) => requestAnimationFrame(next));
    for (let count = 0; count < 120; count += 1) {
      move(count);
      const now = await new Promise((next) => requestAnimationFrame(next));
      times.push(now - before);
      before = now;
    }
    return times;
  })()`;
}
