// Traces addresses from inside a namespace with the real prober: prints the paths as JSON.
import type { Hop } from '#lib/db/schema.ts'
import { EVERY_NETWORK } from '#lib/targets/networks.ts'
import { createIcmpProber } from '../../../worker/probers/icmp/prober.ts'
import { createTracer, type Tracer } from '../../../worker/tracer.ts'

const addresses = process.argv.slice(2)
let tracer: Tracer | undefined
const prober = await createIcmpProber({
  onResults: (results) => void tracer?.sift(results),
  onFailure: (error) => {
    throw error
  },
})
const opened = createTracer({ prober, policy: EVERY_NETWORK })
tracer = opened
const trace = (address: string) =>
  new Promise<Hop[]>((resolve) => void opened.trace(address, resolve))
const paths = await Promise.all(addresses.map(trace))
opened.close()
await prober.close()
process.stdout.write(JSON.stringify(paths))
