// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { fileQuery, type FileView, type Reading } from '../api';
import classes from './File.module.css';

interface RawPreviewProps {
  view: FileView;
  reading: Reading;
  onHeader: (row: number) => void;
}

interface RawRow {
  number: number;
  cells: string[];
}

const SHOWN = 24;

/** The rows as they stand in the file; read once more as if there were no header, so that none is left out. */
function useRawRows(view: FileView, reading: Reading): RawRow[] {
  const hasHeader = view.shape.header_row > 0;
  const { data } = useQuery({
    ...fileQuery(view.id, { reading: { ...reading, header_row: -1 } }),
    enabled: hasHeader && view.shape.format !== 'vcard',
  });
  const source = hasHeader && data ? data : view;
  const numbers = source.taken ?? [];
  const rows = source.rows.slice(1).map((cells, i) => ({ number: numbers[i]?.row ?? i + 1, cells }));
  if (source === view && hasHeader) {
    return [{ number: view.shape.header_row, cells: view.rows[0] ?? [] }, ...rows].slice(0, SHOWN);
  }
  return rows.slice(0, SHOWN);
}

/** The first rows of the file; a click on a row number makes it the header. */
export function RawPreview({ view, reading, onHeader }: RawPreviewProps) {
  const { t } = useTranslation('intake');
  const { header_row: header, header_rows: headerRows } = view.shape;
  const rows = useRawRows(view, reading);
  const width = Math.max(0, ...rows.map((row) => row.cells.length));
  const roleOf = (row: number) => {
    if (header === 0 || row > header) return 'data';
    return row > header - Math.max(1, headerRows) ? 'header' : 'above';
  };
  return (
    <table className={classes.raw} aria-label={t('file.preview')}>
      <tbody>
        {rows.map(({ number, cells }) => (
          <tr key={number} data-role={roleOf(number)}>
            <th scope="row" className={classes.rowHead}>
              <button
                type="button"
                className={classes.rowButton}
                title={t('file.makeHeader')}
                aria-label={t('file.makeHeaderRow', { row: number })}
                aria-pressed={header === number}
                onClick={() => onHeader(number)}
              >
                {number}
              </button>
            </th>
            {Array.from({ length: width }, (_, i) => (
              <td key={i} title={cells[i]}>
                {cells[i]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
