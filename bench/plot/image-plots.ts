import { sizeText, type SizeTable } from '../image/sizes.ts';
import type { Report } from '../report.ts';
import type { Section } from '../section.ts';
import { dotPlot, type Dot } from './dot-plot.ts';

/** SVG documents by file name; comparisons that were not made have none. */
export function imagePlots({
  sections,
  sizeTables,
}: Pick<Report, 'sections' | 'sizeTables'>): Map<string, string> {
  const plots = new Map<string, string>();
  const size = sizeTables.find(({ baseline }) => baseline !== undefined);
  if (size !== undefined) plots.set('image-size.svg', sizePlot(size));
  for (const section of sections) {
    const [, name] =
      /^(Starting the program|Registering \d+ targets|Registering all foreign targets)$/.exec(
        section.title,
      ) ?? [];
    if (name !== undefined && dotsOf(section).length > 0)
      plots.set(`image-${name.toLowerCase().replaceAll(' ', '-')}.svg`, timePlot(section));
  }
  return plots;
}

function sizePlot({ title, rows }: SizeTable): string {
  const dots = rows.flatMap((row): Dot[] =>
    row.outcome === 'missing'
      ? []
      : [
          {
            name: row.name,
            value: row.compressed,
            text: sizeText(row.compressed),
            emphasized: isOurs(row.name),
          },
        ],
  );
  const tick = (bytes: number) => sizeText(bytes).replace('.0', '');
  return dotPlot({ title, axis: 'compressed', tick, dots });
}

function timePlot(section: Section): string {
  const tick = (value: number) => String(Number(value.toPrecision(1)));
  return dotPlot({
    title: section.title,
    axis: 'milliseconds: median, least and greatest',
    tick,
    dots: dotsOf(section),
  });
}

function dotsOf({ measurements }: Section): Dot[] {
  return measurements.flatMap((one): Dot[] =>
    one.outcome === 'measured'
      ? [
          {
            name: one.name,
            value: one.time.median,
            range: [one.time.min, one.time.max],
            text: `${one.time.median.toFixed(1)} ms`,
            emphasized: isOurs(one.name),
          },
        ]
      : [],
  );
}

function isOurs(name: string): boolean {
  return name.startsWith('anyarch');
}
