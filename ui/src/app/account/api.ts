// SPDX-License-Identifier: Apache-2.0
import { api } from '../api';
import type { Language } from '../i18n';
import type { Session } from '../session';

/** Keeps the language of the signed-in person on the server. */
export function setLocale(locale: Language): Promise<Session> {
  return api.patch('/api/session', { body: { locale } });
}

/** Changes the own password. */
export function setPassword(current: string, password: string): Promise<Session> {
  return api.patch('/api/session', { body: { current_password: current, password } });
}
