import { Hono } from "hono";
import type { StatusSnapshot } from "../model.ts";

/** `/readyz`: every source is authorized and its last cycle was delivered, or why not. */
export function healthRoutes(status: () => StatusSnapshot): Hono {
  const app = new Hono();
  app.get("/readyz", (c) => {
    const { ready, sources } = status();
    const shown = Object.entries(sources).map(([name, { ready, state, reason }]) => [name, { ready, state, reason }]);
    return c.json({ ready, sources: Object.fromEntries(shown) }, ready ? 200 : 503);
  });
  return app;
}
