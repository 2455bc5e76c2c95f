import path from 'node:path';
import type { NextConfig } from 'next';

const config: NextConfig = {
  transpilePackages: ['@millrace/spec', '@millrace/protocol', '@millrace/db', '@millrace/examples', 'geist'],
  serverExternalPackages: ['pg', '@prisma/client', '@prisma/adapter-pg'],
  // The workspace's root, so that Next doesn't guess it from a lockfile further up.
  turbopack: { root: path.join(import.meta.dirname, '../..') },
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  devIndicators: false,
  allowedDevOrigins: ['127.0.0.1', 'localhost'],
  experimental: { optimizePackageImports: ['lucide-react', '@base-ui/react'] },
};

export default config;
