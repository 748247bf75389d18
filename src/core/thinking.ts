/** The thinking budget: how hard a model shall think, in words that every adapter maps to its own. */

/** How hard the model shall think. Adapters map it to what their program knows; see docs/adapters.md. */
export type Thinking = 'low' | 'medium' | 'high' | 'max';

/** From the least to the most. */
export const thinkingLevels: readonly Thinking[] = ['low', 'medium', 'high', 'max'];
