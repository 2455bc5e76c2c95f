export { getOpenApi as GET } from '#lib/api/openapi.ts';

export const dynamic = 'force-dynamic';
