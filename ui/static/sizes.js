// Sizes of files in words.

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];

/** A function that says so many bytes in the language. */
export function createSizes(language) {
  const formats = UNITS.map((unit) => new Intl.NumberFormat(language, {
    style: 'unit', unit, unitDisplay: unit === 'byte' ? 'long' : 'short', maximumFractionDigits: unit === 'megabyte' ? 1 : 0,
  }));
  return (bytes) => {
    const step = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1000)));
    return formats[step].format(bytes / 1000 ** step);
  };
}
