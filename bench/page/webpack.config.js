// The pane's own build with another entry: what is measured is what is shipped.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import HtmlPlugin from 'html-webpack-plugin';
import CopyPlugin from 'copy-webpack-plugin';
import base from '../../webpack.config.js';

const here = fileURLToPath(new URL('.', import.meta.url));

export default {
  ...base,
  entry: { bench: join(here, 'entry.ts') },
  plugins: [
    new HtmlPlugin({ filename: 'page.html', template: join(here, 'page.html'), minify: false }),
    new CopyPlugin({ patterns: [{ from: 'taskpane/pane.css', to: 'pane.css' }] }),
  ],
};
