// SPDX-License-Identifier: Apache-2.0

/** A piece of a template's code with what it is. */
export interface Piece {
  kind: 'field' | 'tag' | 'comment' | 'text';
  text: string;
}

const token = /({{[^\n]*?}})|(<!--[\s\S]*?-->)|(<\/?[a-zA-Z][^>]*>)/g;

/** Merge fields inside a tag stay visible as fields. */
function tagPieces(tag: string): Piece[] {
  return tag
    .split(/({{[^\n]*?}})/)
    .filter(Boolean)
    .map((text) => ({ kind: text.startsWith('{{') ? 'field' : 'tag', text }));
}

/** Splits code into pieces to be coloured; together they are the code again. */
export function pieces(code: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of code.matchAll(token)) {
    if (match.index > at) found.push({ kind: 'text', text: code.slice(at, match.index) });
    const [text, field, comment] = match;
    if (field) found.push({ kind: 'field', text });
    else if (comment) found.push({ kind: 'comment', text });
    else found.push(...tagPieces(text));
    at = match.index + text.length;
  }
  if (at < code.length) found.push({ kind: 'text', text: code.slice(at) });
  return found;
}
