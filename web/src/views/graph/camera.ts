/** What part of a picture a window shows. Pure. A point `p` of the picture is at `p * zoom + offset` of the window. */

export interface Camera {
  x: number;
  y: number;
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Box extends Size {
  x: number;
  y: number;
}

export const zoomMin = 0.02;
export const zoomMax = 2;

/** Zooms by a factor so that the window's point stays where it is. */
export function zoomAt(camera: Camera, factor: number, at: { x: number; y: number }): Camera {
  const zoom = Math.min(zoomMax, Math.max(zoomMin, camera.zoom * factor));
  const real = zoom / camera.zoom;
  return { zoom, x: at.x - (at.x - camera.x) * real, y: at.y - (at.y - camera.y) * real };
}

/** Space at the window's top, in px, for what stays there: the names of bands. */
export const headPx = 28;

/** Shows all of the box, with a margin in px, never larger than life, from the top so that columns stay aligned there. */
export function fit(box: Box, window: Size, margin = 24): Camera {
  const across = (window.width - 2 * margin) / Math.max(1, box.width);
  const down = (window.height - headPx - margin - 8) / Math.max(1, box.height);
  const zoom = Math.min(1, Math.max(zoomMin, Math.min(across, down)));
  return { zoom, x: (window.width - box.width * zoom) / 2 - box.x * zoom, y: headPx + 8 - box.y * zoom };
}

/** Puts a point of the picture into the middle. */
export function centre(at: { x: number; y: number }, zoom: number, window: Size): Camera {
  return { zoom, x: window.width / 2 - at.x * zoom, y: window.height / 2 - at.y * zoom };
}

/** The part of the picture in the window. */
export function seen({ x, y, zoom }: Camera, { width, height }: Size): Box {
  return { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
}

export function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** `12.5,-40,0.8` in the address; `null`: not a camera. */
export function readCamera(text: string): Camera | null {
  const [x = NaN, y = NaN, zoom = NaN, ...rest] = text.split(',').map(Number);
  if (rest.length > 0 || ![x, y, zoom].every(Number.isFinite)) return null;
  return zoom >= zoomMin && zoom <= zoomMax ? { x, y, zoom } : null;
}

export function writeCamera({ x, y, zoom }: Camera): string {
  return `${Math.round(x)},${Math.round(y)},${Number(zoom.toFixed(3))}`;
}
