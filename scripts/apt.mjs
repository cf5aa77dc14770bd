// Installs one Debian package where we are root on a Debian; elsewhere it does nothing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export function aptInstall(name, what, say) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return;
  if (!existsSync('/usr/bin/apt-get')) return;
  say(`Installing ${name} ${what} (apt-get install ${name}).`);
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', ...args], {
      stdio: ['ignore', 'ignore', 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('update');
  apt('install', '-y', '--no-install-recommends', name);
}
