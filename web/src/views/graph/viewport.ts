/** The window on a picture, outside of React: a canvas is drawn anew without anything else being rendered. */
import type { Camera, Size } from './camera.ts';

export class Viewport {
  #camera: Camera = { x: 0, y: 0, zoom: 1 };
  #size: Size = { width: 0, height: 0 };
  readonly #listeners = new Set<() => void>();

  get camera(): Camera {
    return this.#camera;
  }
  get size(): Size {
    return this.#size;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  move(camera: Camera): void {
    if (camera.x === this.#camera.x && camera.y === this.#camera.y && camera.zoom === this.#camera.zoom) return;
    this.#camera = camera;
    for (const listener of this.#listeners) listener();
  }

  resize(size: Size): void {
    if (size.width === this.#size.width && size.height === this.#size.height) return;
    this.#size = size;
    for (const listener of this.#listeners) listener();
  }
}
