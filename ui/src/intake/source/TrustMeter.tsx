// SPDX-License-Identifier: Apache-2.0
import classes from './Source.module.css';

/** How far a source is trusted, 0 to 100, as a bar with its number. */
export function TrustMeter({ trust }: { trust: number }) {
  return (
    <span className={classes.trust}>
      <span className={classes.track} aria-hidden>
        <span style={{ width: `${trust}%` }} />
      </span>
      <span className="num">{trust}</span>
    </span>
  );
}
