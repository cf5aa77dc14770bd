/** Colours of a workbook meet light and dark pages: text stays readable (WCAG 1.4.3, 4.5 to 1). */

const RATIO_MIN = 4.5;

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** The wanted colour where it can be read on the ground, else black or white. */
export function readable(wanted: string, ground: string): string {
  if (contrast(wanted, ground) >= RATIO_MIN) return wanted;
  return contrast('#000000', ground) >= contrast('#FFFFFF', ground) ? '#000000' : '#FFFFFF';
}
