/** The OpenAPI document, made from the same schemas that requests are checked with. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Serving } from './serve-route.ts';

export function documentRoute(
  app: OpenAPIHono,
  { identify, version }: Pick<Serving, 'identify'> & { version: string },
): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  let made: string | null = null;
  app.get('/api/openapi.json', async (request) => {
    await identify(request);
    made ??= JSON.stringify(
      app.getOpenAPI31Document({
        openapi: '3.1.0',
        info: {
          title: 'Orbit',
          version,
          description:
            'Turns a git repository and a list of tasks into landed work. Times are ISO 8601; lists come in pages; writes take an Idempotency-Key.',
        },
        security: [{ token: [] }],
      }),
    );
    return new Response(made, { headers: { 'Content-Type': 'application/json' } });
  });
}
