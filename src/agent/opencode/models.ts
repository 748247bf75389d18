/** What a server says of the models it can reach: how much they hold, and which thinking budgets they take. */
import type { Thinking } from '../agent.ts';
import { amountIn, fieldsIn, listIn, type Fields } from '../fields.ts';
import { parseObject, textOf } from './fields.ts';

export interface ModelName {
  providerID: string;
  modelID: string;
}

export interface Models {
  /** The model that a name means: `provider/model`, or a model that only one provider has; `null` if there is none. */
  find(name: string): ModelName | null;
  /** Tokens that its context holds, `null` if unknown. */
  contextOf(model: ModelName): number | null;
  /** The model's name for a thinking budget, or for the nearest it has; `null` if it takes none. */
  variantFor(model: ModelName, thinking: Thinking): string | null;
}

/** @param body the answer to `GET /config/providers` */
export function readModels(body: string): Models {
  const known = new Map<string, { model: ModelName; details: Fields }>();
  for (const provider of listIn(parseObject(body)?.['providers'])) {
    const { id, models } = fieldsIn(provider);
    for (const [modelID, details] of Object.entries(fieldsIn(models))) {
      const model = { providerID: textOf(id), modelID };
      known.set(nameOf(model), { model, details: fieldsIn(details) });
    }
  }
  const detailsOf = (model: ModelName): Fields => known.get(nameOf(model))?.details ?? {};
  return {
    find(name) {
      const exact = known.get(name)?.model;
      if (exact !== undefined) return exact;
      const cut = name.indexOf('/');
      const sameName = [...known.values()].filter(({ model }) => model.modelID === name);
      if (sameName.length === 1 && sameName[0] !== undefined) return sameName[0].model;
      // One that the list does not have is left to the server to refuse, in its own words.
      return cut > 0 ? { providerID: name.slice(0, cut), modelID: name.slice(cut + 1) } : null;
    },
    contextOf: (model) => amountIn(fieldsIn(detailsOf(model)['limit'])['context']) || null,
    variantFor(model, thinking) {
      const variants = fieldsIn(detailsOf(model)['variants']);
      return nearest[thinking].find((name) => Object.hasOwn(variants, name)) ?? null;
    },
  };
}

/** Vendors name and number their budgets differently. */
const nearest: Readonly<Record<Thinking, readonly string[]>> = {
  low: ['low', 'minimal'],
  medium: ['medium', 'high'],
  high: ['high', 'max', 'xhigh'],
  max: ['max', 'xhigh', 'high'],
};

function nameOf({ providerID, modelID }: ModelName): string {
  return `${providerID}/${modelID}`;
}
