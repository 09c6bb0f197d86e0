/** Totals of a run of schedules, for the figures that it prints. */
export interface Tally {
  schedules: number;
  entries: number;
  requests: number;
  sources: number;
  wrongDates: number;
  exports: number;
  crashes: number;
  powerLosses: number;
  /** Stops that did not finish their page within the grace. */
  killed: number;
  stops: number;
  lostAnswers: number;
  setAside: number;
  duplicates: number;
  lost: number;
  simulatedHours: number;
}

export function createTally(): Tally {
  return {
    schedules: 0,
    entries: 0,
    requests: 0,
    sources: 0,
    wrongDates: 0,
    exports: 0,
    crashes: 0,
    powerLosses: 0,
    killed: 0,
    stops: 0,
    lostAnswers: 0,
    setAside: 0,
    duplicates: 0,
    lost: 0,
    simulatedHours: 0,
  };
}

export function addTally(total: Tally, part: Tally): void {
  for (const key of Object.keys(part) as (keyof Tally)[]) total[key] += part[key];
}
