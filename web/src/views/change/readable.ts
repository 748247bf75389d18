/** Colours that can be read on the grounds of a diff. Pure. */

/** Of added and of removed lines, as the style sheet has them. */
const grounds = { light: ['#e9f8ec', '#fdeef0'], dark: ['#12261a', '#2d161a'] } as const;
/** What WCAG 2.2 asks of small text (1.4.3). */
const CONTRAST = 4.5;

/** `color` (`#rrggbb`), moved towards black or white until it can be read; other notations stay as they are. */
export function readable(color: string, scheme: 'light' | 'dark'): string {
  const found = channels(color);
  if (found === undefined) return color;
  const end = scheme === 'light' ? 0 : 255;
  for (let step = 0; step <= 10; step += 1) {
    const moved = found.map((channel) => Math.round(channel + ((end - channel) * step) / 10));
    if (grounds[scheme].every((ground) => contrast(luminance(moved), luminance(channels(ground) ?? [])) >= CONTRAST))
      return `#${moved.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
  }
  return scheme === 'light' ? '#000000' : '#ffffff';
}

function channels(color: string): number[] | undefined {
  const digits = /^#([0-9a-f]{6})$/i.exec(color)?.[1];
  return digits === undefined ? undefined : [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16));
}

/** Relative luminance (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance). */
function luminance(rgb: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}
