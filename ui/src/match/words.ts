// SPDX-License-Identifier: Apache-2.0
import { translate } from '@/app/i18n';

/** The name of a field of a customer. */
export const fieldName = (field: string) => translate(`customer:field.${field}`, field);

/** The level of a comparison in the person's language. */
export const levelName = (label: string) => translate(`match:level.${slug(label)}`, label);

/** The kind of a column in the person's language. */
export const kindName = (kind: string) => translate(`match:kind.${slug(kind)}`, kind);

/** A label of the engine as a key of the catalogue. */
function slug(label: string): string {
  return label
    .toLowerCase()
    .replace(/≥/g, 'from')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

/** A blocking rule, "a (year) + b", in the person's language. */
export function ruleName(label: string): string {
  return label
    .split(' + ')
    .map((piece) => {
      const pair = /^(.*) and (.*) in any order$/.exec(piece);
      if (pair) {
        const form = translate('match:form.given_and_family_name_in_any_order', piece);
        return `${fieldName(pair[1] ?? '')} · ${fieldName(pair[2] ?? '')} (${form})`;
      }
      const part = /^(.*?)(?: \((.*)\))?$/.exec(piece);
      const name = fieldName(part?.[1] ?? piece);
      return part?.[2] ? `${name} (${translate(`match:form.${slug(part[2])}`, part[2])})` : name;
    })
    .join(' + ');
}
