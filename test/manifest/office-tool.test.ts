// A second opinion on the manifest from Microsoft's own reader (offline; its validator is not).
import { OfficeAddinManifest } from 'office-addin-manifest';

test("Microsoft's own tool reads the manifest", async () => {
  const manifest = await OfficeAddinManifest.readManifestFile('manifest.xml');
  expect(manifest.id).toBe('b7e2f6b4-52d5-4c7e-9a51-3f0c2d8f6a17');
  expect(manifest.displayName).toBe('MCC Month-End Close');
  expect(manifest.officeAppType).toBe('TaskPaneApp');
  expect(manifest.hosts).toEqual(['Workbook']);
});
