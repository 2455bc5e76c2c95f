export { listTemplates as GET } from '#lib/api/templates.ts';

export const dynamic = 'force-dynamic';
