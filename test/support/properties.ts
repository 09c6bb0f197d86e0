import fc from "fast-check";

// The same cases on every run: a failure in the gate is about the change at hand.
fc.configureGlobal({ seed: 20_251_009 });

export { fc };
