// SPDX-License-Identifier: Apache-2.0
import { translate } from '@/app/i18n';

/** Who did something: people by name, work of the product by itself in the reader's language. */
export function actorName(actor: string | undefined): string {
  if (!actor) return '';
  return translate(`shared:actor.${actor.replaceAll(' ', '_')}`, actor);
}
