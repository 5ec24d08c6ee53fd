// Targets and groups as the server would send them, for tests of the browser's side.
import { v7 as uuid } from 'uuid'
import { DEFAULT_PARAMETERS, type MyGroup } from '#lib/groups/contract.ts'
import type { LiveTarget } from '#lib/targets/contract.ts'

export function aTarget(n: number, changes: Partial<LiveTarget> = {}): LiveTarget {
  return {
    id: uuid(),
    n,
    host: `127.0.0.${n}`,
    label: '',
    state: 'running',
    stopped_by: null,
    position: n,
    running_since: '2026-01-01T00:00:00.000Z',
    ...changes,
  }
}

export function aGroup(changes: Partial<MyGroup> = {}): MyGroup {
  return {
    id: uuid(),
    name: 'Core',
    owner: { id: uuid(), employee_no: '1', name: 'Li' },
    visibility: 'private',
    parameters: DEFAULT_PARAMETERS,
    target_count: 0,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
    role: 'owner',
    ...changes,
  }
}
