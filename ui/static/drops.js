// Files that are dragged onto the page or pasted, wherever that is: left alone, the browser would
// open them in place of the page, and lose what is being written.

const WRITES = 'textarea, input:not([type=radio], [type=checkbox], [type=file]), [contenteditable]';
const OPEN = 'dialog[open]'; // takes no files, and lies over what would tell of them

/**
 * @param {object} page - over(on): files are over the page; dropped(files, folders): how many of
 *   what was dropped were folders; pasted(files)
 */
export function createDrops({ over, dropped, pasted }) {
  let isOwn = false; // whether what is dragged is a part of the page
  let isOver = false;

  const listen = (name, run) => window.addEventListener(name, run, true);
  const isFiles = ({ dataTransfer }) => !isOwn && [...dataTransfer?.types ?? []].includes('Files');
  const isText = (event) => !isFiles(event) && Boolean(event.target.closest?.(WRITES));

  function tell(on) {
    if (on === isOver) return;
    isOver = on;
    over(on);
  }

  function drag(event) {
    if (isText(event)) return;
    const takes = isFiles(event) && !document.querySelector(OPEN);
    stop(event);
    if (event.dataTransfer) event.dataTransfer.dropEffect = takes ? 'copy' : 'none';
    tell(takes);
  }

  listen('dragstart', () => { isOwn = true; });
  listen('dragend', () => { isOwn = false; });
  listen('dragenter', drag);
  listen('dragover', drag);
  listen('dragleave', ({ relatedTarget }) => { if (!relatedTarget) tell(false); });
  listen('pointermove', () => tell(false)); // during a drag the pointer is silent
  listen('drop', (event) => {
    tell(false);
    if (isText(event)) return;
    stop(event);
    if (!isFiles(event) || document.querySelector(OPEN)) return;
    const { files, folders } = contentOf(event.dataTransfer);
    if (files.length || folders) dropped(files, folders);
  });
  listen('paste', (event) => {
    const files = [...event.clipboardData?.files ?? []];
    if (!files.length || hasText(event.clipboardData, files)) return;
    stop(event);
    if (!document.querySelector(OPEN)) pasted(files);
  });
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}

/** The files of a drop, and how many folders: one would be sent as an empty file. */
function contentOf({ items }) {
  const all = [...items].filter((item) => item.kind === 'file');
  const isFolder = (item) => Boolean(item.webkitGetAsEntry?.()?.isDirectory);
  const files = all.filter((item) => !isFolder(item)).map((item) => item.getAsFile()).filter(Boolean);
  return { files, folders: all.filter(isFolder).length };
}

/** Whether text was copied, as from a spreadsheet, which adds a picture of it; not where the text
 * only names the files. */
function hasText(data, files) {
  const lines = data.getData('text/plain').split(/[\r\n]+/).filter((line) => line.trim());
  return !lines.every((line) => files.some(({ name }) => line.trim().endsWith(name)));
}
