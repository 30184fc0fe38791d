/* Work that is done once a frame, however often it is asked for. */

const HIDDEN_PAUSE = 500; // ms: frames stop in a hidden tab, the text must not pile up there
const BUSY_SHARE = 2; // after a slow frame, wait this many times as long as it took
const SLOW_FRAME = 8; // ms

/** Returns {ask(), flush(), stop()}: `work` runs soon after `ask`, at once with `flush`. */
export function everyFrame(work) {
  let frame = 0;
  let timer = 0;
  let notBefore = 0;

  const clear = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = 0;
    timer = 0;
  };
  const run = () => {
    clear();
    const start = performance.now();
    work();
    const took = performance.now() - start;
    notBefore = took > SLOW_FRAME ? start + took * (1 + BUSY_SHARE) : 0;
  };
  const onFrame = (now) => {
    if (now >= notBefore) run();
    else frame = requestAnimationFrame(onFrame);
  };
  const onVisibility = () => {
    if (timer) run();
  };
  document.addEventListener("visibilitychange", onVisibility);
  return {
    ask() {
      if (timer) return;
      frame = requestAnimationFrame(onFrame);
      timer = setTimeout(run, HIDDEN_PAUSE);
    },
    flush() {
      if (timer) run();
    },
    stop() {
      clear();
      document.removeEventListener("visibilitychange", onVisibility);
    },
  };
}
