// How Next builds the pages: strict, without its own server, messages compiled.
import createNextIntlPlugin from 'next-intl/plugin'

const withMessages = createNextIntlPlugin({
  requestConfig: './lib/language/request.ts',
  experimental: {
    messages: { path: './lib/language', format: 'json', locales: 'infer', precompile: true },
  },
})

/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // `npm run check` checks types; checking them again at the first start costs 8 s.
  typescript: { ignoreBuildErrors: true },
  // Native and socket-holding packages stay outside the bundle of the route handlers.
  serverExternalPackages: ['@node-rs/argon2', 'koffi', 'pino', 'postgres', 'prom-client'],
}

export default withMessages(config)
