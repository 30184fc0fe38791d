/* Times and headings of the chat list, in the language of the page. */

const MONTH = /^(\d{4})-(\d{2})$/;
const formats = new Map();

function format(locale, options) {
  const key = JSON.stringify([locale, options]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, options));
  return formats.get(key);
}

/** Heading of a group: a label (pinned, today, yesterday, week) or the name of a month. */
export function groupTitle(key, labels) {
  const month = MONTH.exec(key);
  if (!month) return labels[key] ?? key;
  const day = new Date(Number(month[1]), Number(month[2]) - 1, 1);
  return format(labels.locale, { month: "long", year: "numeric" }).format(day);
}

/** Time of a chat, given as text or in seconds: the hour today, the day within a week, the date. */
export function chatTime(updated, { locale }, now = new Date()) {
  const time = new Date(typeof updated === "number" ? updated * 1000 : updated);
  if (Number.isNaN(time.getTime())) return "";
  const days = Math.round((midnight(now) - midnight(time)) / 86_400_000);
  if (days <= 0) return format(locale, { hour: "2-digit", minute: "2-digit" }).format(time);
  if (days < 7) return format(locale, { weekday: "short" }).format(time);
  if (time.getFullYear() === now.getFullYear()) {
    return format(locale, { day: "numeric", month: "short" }).format(time);
  }
  return format(locale, { month: "short", year: "numeric" }).format(time);
}

function midnight(time) {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
}
