// How the lanes of a comparison grow: lengths of their texts after each frame that was drawn.
// Times are Unix time in milliseconds.

(() => {
  const probe = { frames: [], sampling: false };
  const lanes = () => [1, 2, 3, 4].map((n) => newest(document.getElementById(`lane-${n}`)));
  // Divan's newest answer, or that of a plain Chatbot; what stood in the lane before does not count.
  const newest = (lane) => [...lane?.querySelectorAll('.lane-painted, [data-testid="bot"]') ?? []].at(-1);
  const soon = (work) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = work;
    channel.port2.postMessage(0);
  };

  function everyFrame() {
    requestAnimationFrame(everyFrame);
    if (!probe.sampling) return;
    soon(() => probe.frames.push([Date.now(), ...lanes().map((lane) => lane?.textContent.length ?? 0)]));
  }
  requestAnimationFrame(everyFrame);

  probe.start = () => Object.assign(probe, { frames: [], sampling: true });
  probe.holds = (text) => lanes().every((lane) => lane?.textContent.includes(text));
  window.lanesProbe = probe;
})();
