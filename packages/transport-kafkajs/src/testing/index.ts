export { deleteGroup } from './foreign-admin.ts';
export { beginTransaction } from './foreign-transaction.ts';
