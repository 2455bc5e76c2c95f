import * as z from 'zod';
import { generator } from '../api/generators.ts';

/** `generator:{id}`. */
export const generatorEntity = z.object({ id: z.string(), type: z.literal('generator'), generator });
export type GeneratorEntity = z.infer<typeof generatorEntity>;
