/** A person brings a vendor's file of the month; the relay keeps it and counts it at once. */
import { work, type Pane } from '../pane.ts';

export async function importFile(pane: Pane, source: string, file: File): Promise<void> {
  await work(pane, `Importing ${file.name}`, async () => {
    const { takeFile } = await import('./take-file.ts');
    return takeFile(pane, source, file);
  });
}
