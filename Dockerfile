# One image for the engine and the dashboard (docker-compose.yml runs it twice). Debian: the Postgres and Prisma pieces want glibc.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY apps/web/package.json apps/web/
COPY apps/engine/package.json apps/engine/
COPY apps/cli/package.json apps/cli/
COPY packages/spec/package.json packages/spec/
COPY packages/dataflow/package.json packages/dataflow/
COPY packages/streams/package.json packages/streams/
COPY packages/transport-kafkajs/package.json packages/transport-kafkajs/
COPY packages/broker/package.json packages/broker/
COPY packages/protocol/package.json packages/protocol/
COPY packages/db/package.json packages/db/
COPY examples/package.json examples/
COPY e2e/package.json e2e/
COPY bench/package.json bench/
RUN npm ci --omit=optional --no-audit --no-fund && npm install --no-save --no-audit --no-fund esbuild
COPY . .
RUN node scripts/build.mjs

FROM node:22-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 MILLRACE_ROOT=/app
COPY --from=build --chown=node:node /app /app
USER node
