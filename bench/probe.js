// What the page's screen shows, and when: runs in both measured pages before their own scripts.
// Times are Unix time in milliseconds. "Painted" is the first task after the frame that shows it.

(() => {
  const probe = { mark: "", entered: 0, first: 0, last: 0, frames: [] };
  let found = { first: false, last: false };
  let inFrame = false;
  let sampling = false;

  probe.arm = (mark, sample) => {
    Object.assign(probe, { mark, entered: 0, first: 0, last: 0, frames: [] });
    found = { first: false, last: false };
    sampling = sample;
  };

  const soon = (work) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = work;
    channel.port2.postMessage(0);
  };

  function painted(name) {
    found[name] = true;
    const note = () => soon(() => { probe[name] = Date.now(); });
    if (inFrame) note();
    else requestAnimationFrame(note);
  }

  function look(text) {
    if (!found.first && text.includes(`FIRST${probe.mark}`)) painted("first");
    if (found.first && !found.last && text.includes(`LAST${probe.mark}`)) painted("last");
  }

  new MutationObserver((changes) => {
    if (!probe.entered || found.last) return;
    for (const change of changes) {
      if (change.type === "characterData") look(change.target.data);
      else for (const node of change.addedNodes) look(node.textContent ?? "");
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });

  // Other callbacks of the same frame come after this one, and the screen is drawn after them.
  function everyFrame() {
    requestAnimationFrame(everyFrame);
    inFrame = true;
    soon(() => {
      inFrame = false;
      if (sampling && found.first && !probe.last) {
        const answer = [...document.querySelectorAll('[data-testid="bot"]')].at(-1);
        probe.frames.push([Date.now(), answer ? answer.textContent.length : 0]);
      }
    });
  }
  requestAnimationFrame(everyFrame);

  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && probe.mark && !probe.entered) probe.entered = Date.now();
  }, true);
  window.benchProbe = probe;
})();
