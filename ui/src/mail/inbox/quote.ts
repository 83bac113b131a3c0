// SPDX-License-Identifier: Apache-2.0

const prefixes = { answer: /^\s*(re|답장|회신)\s*:/i, forward: /^\s*(fwd?|전달)\s*:/i };
const marks = { answer: 'Re: ', forward: 'Fwd: ' };

/** The subject of an answer or a forwarded mail; the mark is put once. */
export function subjectOf(subject: string, kind: keyof typeof marks): string {
  return prefixes[kind].test(subject) ? subject : `${marks[kind]}${subject}`.trim();
}

/** What was written before, below the place where one writes. */
export function quoted(text: string, head: string, isAnswer: boolean): string {
  const lines = text.trimEnd().split('\n');
  return `\n\n${head}\n${lines.map((line) => (isAnswer ? `> ${line.trimEnd()}` : line.trimEnd())).join('\n')}\n`;
}
