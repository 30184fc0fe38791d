// Keys that belong to an input method, which writes Japanese, Chinese or Korean.

const SAFARI_STILL_COMPOSES = 229; // its Enter comes after the end of the composition

/** Whether a key confirms or closes what is being composed, and is meant for nothing else. */
export const isComposing = (event) => event.isComposing || event.keyCode === SAFARI_STILL_COMPOSES;
