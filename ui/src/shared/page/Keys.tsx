// SPDX-License-Identifier: Apache-2.0
import { Fragment } from 'react';
import { keyCaps } from '@/app/shortcuts';
import classes from './Keys.module.css';

/** Draws keys as caps: "mod+k" or "g c". */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className={classes.keys}>
      {keyCaps(keys).map((press, i) => (
        <Fragment key={press.join('+') + String(i)}>
          <kbd className={classes.cap}>{press.join(' ')}</kbd>
        </Fragment>
      ))}
    </span>
  );
}
