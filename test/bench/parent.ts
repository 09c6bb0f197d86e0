/** Tells the process that forked this one that it is ready, answers its questions for figures, and ends with it. */
export function serveParent(ready: object, figures: () => object): void {
  process.on("message", () => process.send?.(figures()));
  process.once("disconnect", () => process.exit());
  process.send?.(ready);
}
