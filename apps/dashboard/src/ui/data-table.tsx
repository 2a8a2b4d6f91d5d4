import type { ReactNode } from 'react';

interface DataTableProps {
  readonly label: string;
  readonly head: readonly ReactNode[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
  /** Columns from this one on are figures: right-aligned. */
  readonly figuresFrom?: number;
}

/** A dense table that scrolls sideways on a narrow screen, its first column in place. */
export function DataTable({ label, head, rows, figuresFrom = head.length }: DataTableProps) {
  const align = (column: number) => (column >= figuresFrom ? 'text-right figures' : 'text-left');
  return (
    <div className="overflow-x-auto rounded-m border border-line">
      <table aria-label={label} className="w-full border-collapse text-m">
        <thead>
          <tr>
            {head.map((cell, column) => (
              <th key={column} scope="col" className={`border-b border-line bg-raised px-3 py-2 text-s font-medium whitespace-nowrap text-ink-2 ${column === 0 ? 'sticky left-0' : ''} ${align(column)}`}>
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} className="hover:bg-raised">
              {row.cells.map((cell, column) => (
                <td key={column} className={`border-b border-line px-3 py-2 whitespace-nowrap ${column === 0 ? 'sticky left-0 max-w-48 clip bg-surface font-medium' : ''} ${align(column)}`}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
