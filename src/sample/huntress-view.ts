/** What the endpoint security tool shows: organisations and their agents, month by month. */
import { agentsOf } from './billed.ts';
import { CLIENTS, type ClientFacts } from './clients.ts';
import type { SampleAgent, SampleOrganisation, SampleVariant } from './model.ts';
import { initials } from './ninjaone-view.ts';
import { randomFrom } from './random.ts';
import { PERIODS, timelineOf, type Holding } from './timeline.ts';

export const OWN_HUNTRESS: readonly SampleOrganisation[] = [
  { id: 301, name: 'Alder Street IT (NFR)' },
  { id: 302, name: 'Default Organization' },
];
const OWN_AGENTS = [6, 1];
const FIRST_ORGANISATION = 4000;
const FIRST_AGENT = 700_000;
const AGENTS_PER_CLIENT = 600;
const SERIAL_LETTERS = 'BCDFGHJKLMNPQRSTVWXZ0123456789';

interface Life {
  readonly agent: SampleAgent;
  until: number;
}

export const huntressId = (code: string): number =>
  FIRST_ORGANISATION + CLIENTS.findIndex((client) => client.code === code);

export const huntressNames = (client: ClientFacts): readonly string[] =>
  client.accounts?.huntress ?? [client.name];

export function huntressOrganisations(variant: SampleVariant, month: number): SampleOrganisation[] {
  const own = CLIENTS.filter((client) => timelineOf(client, variant)[month]).flatMap((client) =>
    huntressNames(client).map((name) => ({ id: huntressId(client.code), name })),
  );
  return [...OWN_HUNTRESS, ...own];
}

/** Gives the agents of any month; an agent keeps its id and serial number as long as it lives. */
export function agentHistory(variant: SampleVariant): (month: number) => SampleAgent[] {
  const timelines = new Map(CLIENTS.map((client) => [client.code, timelineOf(client, variant)]));
  const lives = CLIENTS.flatMap((client) =>
    livesOf(client, (code, month) => timelines.get(code)?.[month] ?? null),
  );
  return (month) => {
    const living = lives.filter(
      (life) => life.agent.since <= monthEnd(month) && month < life.until,
    );
    return [...ownAgents(), ...living.map((life) => life.agent)].toSorted((a, b) => a.id - b.id);
  };
}

const monthEnd = (month: number): string => `${PERIODS[month] ?? ''}-31`;

function livesOf(
  client: ClientFacts,
  holdingOf: (code: string, month: number) => Holding | null,
): Life[] {
  if (huntressNames(client).length === 0) return [];
  const random = randomFrom(`agents of ${client.code}`);
  const lives: Life[] = [];
  for (const month of PERIODS.keys()) {
    const count = agentsOf(client, (code) => holdingOf(code, month));
    const living = lives.filter((life) => life.until > month);
    while (living.length > count) {
      const [gone] = living.splice(Math.floor(random() * living.length), 1);
      if (gone) gone.until = month;
    }
    for (let missing = count - living.length; missing > 0; missing -= 1) {
      lives.push({ agent: makeAgent(client, lives.length, month, random), until: PERIODS.length });
    }
  }
  return lives;
}

function makeAgent(
  client: ClientFacts, sequence: number, month: number, random: () => number,
): SampleAgent {
  const serial = Array.from({ length: 8 }, () =>
    SERIAL_LETTERS.charAt(Math.floor(random() * SERIAL_LETTERS.length)),
  );
  return {
    id: FIRST_AGENT + CLIENTS.indexOf(client) * AGENTS_PER_CLIENT + sequence,
    organisationId: huntressId(client.code),
    hostname: `${initials(client.name)}${String(sequence + 1).padStart(3, '0')}`,
    serialNumber: serial.join(''),
    platform: client.macs && random() < 0.6 ? 'darwin' : 'windows',
    since: `${PERIODS[month] ?? ''}-${String(1 + Math.floor(random() * 27)).padStart(2, '0')}`,
  };
} // prettier-ignore

function ownAgents(): SampleAgent[] {
  return OWN_HUNTRESS.flatMap((organisation, index) =>
    Array.from({ length: OWN_AGENTS[index] ?? 0 }, (_, machine) => ({
      id: 1000 + index * 50 + machine,
      organisationId: organisation.id,
      hostname: `ASIT${String(index)}${String(machine)}`,
      serialNumber: `ASIT000${String(index)}${String(machine)}`,
      platform: 'windows' as const,
      since: '2025-06-02',
    })),
  );
}
