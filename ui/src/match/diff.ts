// SPDX-License-Identifier: Apache-2.0

/** A piece of a text; `same` pieces stand in both texts. */
export interface Piece {
  text: string;
  same: boolean;
}

const LONGEST = 200;

/** Cuts two texts into what they share and what differs, character by character (longest common subsequence). */
export function difference(left: string, right: string): [Piece[], Piece[]] {
  const a = Array.from(left).slice(0, LONGEST);
  const b = Array.from(right).slice(0, LONGEST);
  const length: number[][] = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  const at = (i: number, j: number) => length[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = length[i];
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const keepA = new Set<number>();
  const keepB = new Set<number>();
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      keepA.add(i++);
      keepB.add(j++);
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return [pieces(a, keepA), pieces(b, keepB)];
}

function pieces(characters: string[], kept: Set<number>): Piece[] {
  const list: Piece[] = [];
  characters.forEach((character, i) => {
    const same = kept.has(i);
    const last = list.at(-1);
    if (last && last.same === same) last.text += character;
    else list.push({ text: character, same });
  });
  return list;
}
