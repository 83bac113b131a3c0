// SPDX-License-Identifier: Apache-2.0
import type { Piece } from '../diff';
import classes from './Review.module.css';

/** One side of two texts with what differs marked. */
export function Diff({ pieces }: { pieces: Piece[] }) {
  return (
    <>
      {pieces.map((piece, i) =>
        piece.same ? (
          <span key={`${i}${piece.text}`}>{piece.text}</span>
        ) : (
          <mark key={`${i}${piece.text}`} className={classes.mark}>
            {piece.text}
          </mark>
        ),
      )}
    </>
  );
}
