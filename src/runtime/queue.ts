/** Runs a task after all earlier ones have ended, and returns its result. */
export type Queue = <Value>(task: () => Promise<Value>) => Promise<Value>;

/** Creates a queue that runs one task at a time, in the order of the calls. A failed task does not stop the next. */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task, task);
    last = result.catch(() => {});
    return result;
  };
}
