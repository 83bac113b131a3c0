// SPDX-License-Identifier: Apache-2.0
import { getChoseong } from 'es-hangul';

const ONLY_CHOSEONG = /^[ㄱ-ㅎ\s]+$/;

/** The initial consonants of a text: "홍길동" gives "ㅎㄱㄷ". */
export function choseongOf(text: string): string {
  return getChoseong(text).replaceAll(' ', '');
}

/** Tells whether a text holds what was typed: as letters in any case, or as initial consonants. */
export function matchesHangul(text: string, typed: string): boolean {
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return true;
  const plain = text.toLowerCase();
  if (plain.includes(wanted) || plain.replaceAll(' ', '').includes(wanted.replaceAll(' ', ''))) return true;
  return ONLY_CHOSEONG.test(wanted) && choseongOf(text).includes(wanted.replaceAll(' ', ''));
}
