// The parts of MCC for a test, each a real process that the test may kill.
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningProcess } from '../../../src/start/child-process.ts';
import {
  startRelay,
  startStandIns,
  type RelayReady,
  type StandInsReady,
} from '../../../src/start/parts.ts';
import { writeSampleFiles, type SampleFiles } from '../../../src/start/sample-files.ts';
import { copySeeded } from './template.ts';
import type { SampleVariant } from '../../../src/sample/model.ts';

export interface Mcc {
  readonly data: string;
  readonly files: SampleFiles;
  readonly standIns: RunningProcess<StandInsReady>;
  relay: RunningProcess<RelayReady>;
  /** kill -9, then the same relay on the same data and port. */
  killRelay(): Promise<void>;
  restartRelay(): Promise<void>;
  sim<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** A test hook of the relay (sample and lab only). */
  hook(path: string, body: unknown): Promise<void>;
  /** What a test hook answers to a look. */
  ask<T>(path: string): Promise<T>;
  stop(): Promise<void>;
}

export async function startMcc(variant: SampleVariant = 'planted'): Promise<Mcc> {
  const data = mkdtempSync(join(tmpdir(), 'mcc-'));
  await copySeeded(variant, data);
  const standIns = await startStandIns({ state: join(data, 'stand-ins'), world: variant });
  const files = await writeSampleFiles(data, standIns.ready.url, variant);
  const sim = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${standIns.ready.url}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok)
      throw new Error(`${method} ${path}: ${String(answer.status)} ${await answer.text()}`);
    const text = await answer.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  if (variant === 'planted') {
    await sim('POST', '/_sim/faults', {
      system: 'huntress',
      match: {},
      fault: 'status',
      status: 401,
    });
  }
  const options = { config: files.config, data };
  const mcc: Mcc = {
    data,
    files,
    standIns,
    relay: await startRelay({ ...options, port: 0 }),
    sim,
    async killRelay() {
      mcc.relay.child.kill('SIGKILL');
      await mcc.relay.ended;
    },
    async restartRelay() {
      const port = Number(new URL(mcc.relay.ready.url).port);
      mcc.relay = await startRelay({ ...options, port });
    },
    async hook(path, body) {
      await overHttps('POST', `${mcc.relay.ready.url}${path}`, body);
    },
    async ask<T>(path: string) {
      return (await overHttps('GET', `${mcc.relay.ready.url}${path}`)) as T;
    },
    async stop() {
      await mcc.relay.stop();
      await standIns.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
  return mcc;
}

/** Test hooks are asked over the relay's own certificate, made a moment ago for this test. */
export async function overHttps(method: string, url: string, body?: unknown): Promise<unknown> {
  const text = body === undefined ? '' : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method,
        rejectUnauthorized: false,
        headers: {
          'x-mcc': '1',
          ...(text === ''
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
      },
      (answer) => {
        let said = '';
        answer.setEncoding('utf8').on('data', (part: string) => (said += part));
        answer.on('end', () => {
          if ((answer.statusCode ?? 500) < 300) resolve(JSON.parse(said));
          else reject(new Error(`${method} ${url}: ${String(answer.statusCode)} ${said}`));
        });
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}
