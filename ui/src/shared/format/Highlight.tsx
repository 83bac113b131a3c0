// SPDX-License-Identifier: Apache-2.0
import classes from './Highlight.module.css';

/** Marks the part of a text that was searched for. */
export function Highlight({ text, find }: { text: string; find: string | undefined }) {
  const wanted = find?.trim().toLowerCase();
  const at = wanted ? text.toLowerCase().indexOf(wanted) : -1;
  if (!wanted || at < 0) return <>{text}</>;
  return (
    <>
      {text.slice(0, at)}
      <mark className={classes.mark}>{text.slice(at, at + wanted.length)}</mark>
      {text.slice(at + wanted.length)}
    </>
  );
}
