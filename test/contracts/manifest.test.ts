// manifest.xml against Microsoft's schemas, which are not ours to ship.
import { readFileSync } from 'node:fs';
import { validateXML } from 'xmllint-wasm';
import { describeShared, shared } from './shared.ts';

const file = (name: string): { fileName: string; contents: string } => ({
  fileName: name,
  contents: readFileSync(shared('manifest-xsd', name), 'utf8'),
});

describeShared('the manifest against the schemas of Office', () => {
  const check = (manifest: string): ReturnType<typeof validateXML> =>
    validateXML({
      xml: [{ fileName: 'manifest.xml', contents: manifest }],
      schema: [file('OfficeAppManifestV1_1.xsd')],
      preload: [
        file('OfficeAppBasicTypesV1_0.xsd'),
        file('TaskPaneAppVersionOverridesV1_0.xsd'),
        file('ContentAppVersionOverridesV1_0.xsd'),
        file('MailAppVersionOverridesV1_0.xsd'),
        file('MailAppVersionOverridesV1_1.xsd'),
      ],
    });

  test('is valid', async () => {
    const result = await check(readFileSync('manifest.xml', 'utf8'));
    expect(result.errors.map((error) => error.message)).toEqual([]);
    expect(result.valid).toBe(true);
  });

  test('would be refused with its parts out of order', async () => {
    const manifest = readFileSync('manifest.xml', 'utf8');
    const permissions = '<Permissions>ReadWriteDocument</Permissions>';
    const swapped = manifest.replace(permissions, '').replace('<Hosts>', `${permissions}<Hosts>`);
    expect((await check(swapped)).valid).toBe(false);
  });
});
