/**
 * The HTTP API, one line a route; the dashboard's route handlers, the engine's, the command line and the OpenAPI page agree on it.
 * web answers what should be (Postgres); what is comes from the engine, to which web's proxy hands `/api/v1/{engine,topics,tables,generators}`.
 *
 * web
 *   GET    /api/v1/apps                              → { apps: AppSummary[] }
 *   POST   /api/v1/apps                    createApp → 201 AppDetail | 400 problems | 409 app-exists
 *   GET    /api/v1/apps/{app}                        → AppDetail | 404
 *   DELETE /api/v1/apps/{app}                        → 204 | 409 app-running (stop it first)
 *   PUT    /api/v1/apps/{app}/draft        saveDraft → savedDraft | 409 stale-draft. A draft may have problems; a version may not.
 *   POST   /api/v1/apps/{app}/plan       planRequest → planReply | 400 problems
 *   POST   /api/v1/apps/{app}/deploy   deployRequest → 202 deployReply | 400 problems | 409 stale-draft | 409 needs-confirmation
 *   POST   /api/v1/apps/{app}/desired desiredRequest → deploymentState | 409 not-deployed
 *   GET    /api/v1/apps/{app}/versions               → { versions: VersionSummary[] }
 *   GET    /api/v1/apps/{app}/versions/{n}           → VersionSummary & { text }
 *   GET    /api/v1/apps/{app}/export[?version=n]     → text/yaml
 *   GET    /api/v1/apps/{app}/events                 → { events: AuditEvent[] }
 *   POST   /api/v1/validate          validateRequest → validateReply (200 also with problems)
 *   POST   /api/v1/plan  { text }                    → planReply | 400 problems   (against what is deployed of that app)
 *   POST   /api/v1/apply                applyRequest → 202 deployReply | 400 problems | 409 needs-confirmation
 *   GET    /api/v1/templates                         → { templates: Template[] }
 *   GET    /api/v1/openapi.json, /api/v1/health
 * engine
 *   GET    /api/v1/engine                            → EngineReply
 *   POST   /api/v1/engine/retry                      → 202
 *   GET    /api/v1/topics                            → { topics: TopicSummary[] }
 *   GET    /api/v1/topics/{name}                     → TopicDetail | 404
 *   GET    /api/v1/topics/{name}/records?recordsQuery → recordsReply
 *   POST   /api/v1/topics/{name}/records sendRecords → sendReply | 400 problems
 *   GET    /api/v1/tables/{app}/{table}?tableQuery   → TableReply
 *   GET    /api/v1/tables/{app}/{table}/records?behindQuery → recordsReply
 *   GET    /api/v1/generators                        → { generators: Generator[], kinds: { id, title, topic, description }[] }
 *   POST   /api/v1/generators         startGenerator → 201 Generator
 *   PATCH  /api/v1/generators/{id}  { ratePerSecond?, skew? } → Generator
 *   DELETE /api/v1/generators/{id}                   → Generator (stopped)
 */
export const apiPrefix = '/api/v1';
export const engineRoutes = ['engine', 'topics', 'tables', 'generators'] as const;
