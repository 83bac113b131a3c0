// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import type { FileView } from '../api';
import classes from './File.module.css';

/** The first rows as they stand in the file; a click on a row number makes it the header. */
export function RawPreview({ view, onHeader }: { view: FileView; onHeader: (row: number) => void }) {
  const { t } = useTranslation('intake');
  const { header_row: header, header_rows: headerRows, columns } = view.shape;
  const roleOf = (row: number) => {
    if (header === 0 || row > header) return 'data';
    return row > header - Math.max(1, headerRows) ? 'header' : 'above';
  };
  return (
    <table className={classes.raw} aria-label={t('file.preview')}>
      <tbody>
        {view.rows.map((cells, i) => (
          // Rows of a file are told apart by their place only.
          // oxlint-disable-next-line react/no-array-index-key
          <tr key={i} data-role={roleOf(i + 1)}>
            <th scope="row" className={classes.rowHead}>
              <button
                type="button"
                className={classes.rowButton}
                title={t('file.makeHeader')}
                aria-label={t('file.makeHeaderRow', { row: i + 1 })}
                aria-pressed={header === i + 1}
                onClick={() => onHeader(i + 1)}
              >
                {i + 1}
              </button>
            </th>
            {columns.map((column) => (
              <td key={column.index} title={cells[column.index]}>
                {cells[column.index]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
